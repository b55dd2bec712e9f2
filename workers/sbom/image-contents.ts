import { z } from 'zod';

const Package = z.strictObject({
  name: z.string().min(1),
  version: z.string().min(1),
  license: z.string().nullable(),
});

/** What the build knows of an image that cannot be read from the image: see `scripts/setup/image-contents.ts`. */
export const ImageContents = z.strictObject({
  /** The image's target. */
  image: z.string().min(1),
  /** npm packages of which nothing but a program is in the image. `path` is absolute, there. */
  binaries: z.array(Package.extend({ path: z.string().startsWith('/') })),
  /** npm packages whose code is in the bundles. */
  bundled: z.array(Package),
});
export type ImageContents = z.infer<typeof ImageContents>;

/** One npm package. `license` is what its author says, mostly an SPDX expression. */
export type NodePackage = z.infer<typeof Package>;
