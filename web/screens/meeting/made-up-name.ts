const adjectives = ['Amber', 'Brave', 'Bright', 'Calm', 'Clever', 'Coral', 'Curious', 'Dapper', 'Eager', 'Early', 'Fair', 'Gentle', 'Golden', 'Happy', 'Honest', 'Jolly', 'Kind', 'Lively', 'Lucky', 'Mellow', 'Merry', 'Mild', 'Noble', 'Patient', 'Polite', 'Quick', 'Quiet', 'Silver', 'Steady', 'Sunny', 'Swift', 'Wise'];
const nouns = ['Badger', 'Birch', 'Brook', 'Cedar', 'Clover', 'Comet', 'Crane', 'Dolphin', 'Falcon', 'Fern', 'Finch', 'Harbour', 'Heron', 'Island', 'Juniper', 'Kestrel', 'Lantern', 'Linden', 'Maple', 'Meadow', 'Otter', 'Owl', 'Pebble', 'Pine', 'Plover', 'River', 'Robin', 'Sparrow', 'Swallow', 'Thistle', 'Willow', 'Wren'];

const oneOf = (words: readonly string[], random: () => number): string => words[Math.floor(random() * words.length)]!;

/** `Gentle Heron`: the name of a guest who gave none. `random`: from 0 up to 1. */
export const madeUpName = (random: () => number = Math.random): string => `${oneOf(adjectives, random)} ${oneOf(nouns, random)}`;
