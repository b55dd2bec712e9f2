/**
 * Writes to a terminal, file or pipe, and waits until it has taken everything, since the process may end
 * right after. A pipe that is closed early is no fault.
 */
export async function writeOut(out: NodeJS.WriteStream, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      // `| head` closes the pipe when it has seen enough: no fault, and nobody is left to be told.
      if (error.code === 'EPIPE') resolve();
      else reject(error);
    };
    out.once('error', onError);
    out.write(text, (error) => {
      if (error) onError(error);
      else resolve();
    });
  });
}
