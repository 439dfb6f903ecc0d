/** Tells the time; given as an argument wherever time matters, so that a test can say what time it is. */
export type Clock = () => Date;
