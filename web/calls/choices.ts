/** How somebody goes into a call. A device: its id; '' the system's own; null none. */
export type Choices = {
  readonly microphone: string | null;
  readonly camera: string | null;
  readonly speaker: string;
  readonly muted: boolean;
  readonly withCamera: boolean;
  readonly audioOnly: boolean;
};

const storedUnder = 'hansard-call-devices';
export const firstChoices: Choices = { microphone: '', camera: '', speaker: '', muted: false, withCamera: true, audioOnly: false };

const isDevice = (value: unknown): value is string | null => value === null || typeof value === 'string';

/** Reads what was kept; a field that is not what it should be takes its first value. */
export const choicesFrom = (kept: string | null): Choices => {
  try {
    const { microphone, camera, speaker, muted, withCamera, audioOnly } = JSON.parse(kept ?? '{}') as Partial<Record<keyof Choices, unknown>>;
    return {
      microphone: isDevice(microphone) ? microphone : '',
      camera: isDevice(camera) ? camera : '',
      speaker: typeof speaker === 'string' ? speaker : '',
      muted: muted === true,
      withCamera: withCamera !== false,
      audioOnly: audioOnly === true,
    };
  } catch {
    return firstChoices;
  }
};

/** What this browser remembers of the last lobby. */
export const rememberedChoices = (): Choices => choicesFrom(localStorage.getItem(storedUnder));
export const rememberChoices = (choices: Choices): void => localStorage.setItem(storedUnder, JSON.stringify(choices));
