/** How long the threads of this process have worked, together. Milliseconds. */
export const workedMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
