/** Where the appliance knows no address of its own, whatever address this browser reached it by is one that others can use too. */
export const fullLink = (link: string): string => new URL(link, location.origin).href;
