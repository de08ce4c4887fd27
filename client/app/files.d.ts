/** Files that the build takes in besides TypeScript. */
declare module '*.scss';
declare module '*.css';
declare module '*.svg' {
  const address: string;
  export { address as default };
}
