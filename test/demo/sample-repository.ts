import type { BranchSource } from '../support/github/branch-source.ts';

/** The default branch of the sample: small, clean, in four languages. */
export const sampleBase: BranchSource = {
  message: 'Start the parcel tracker',
  files: {
    'README.md': '# Parcel tracker\n\nTells where a parcel is.\n',
    'package.json': '{\n  "name": "parcel-tracker",\n  "private": true,\n  "type": "module"\n}\n',
    'biome.json': '{\n  "formatter": { "indentStyle": "space" }\n}\n',
    'src/track.js':
      'export function track(parcel) {\n  return parcel.stops.at(-1);\n}\n\nexport function isLate(parcel, now) {\n  return parcel.due < now;\n}\n',
    'scripts/deploy.sh': '#!/bin/sh\nset -eu\necho "deploying"\n',
    'config/routes.yml': '---\nroutes:\n  - north\n  - south\n',
    'tools/report.py': 'def report(parcels):\n    return len(parcels)\n',
  },
};

/** A pull request such as people send: a feature, with the slips that analysers are for. */
export const sampleHead: BranchSource = {
  message: 'Add estimates and a clean-up script',
  files: {
    'src/track.js':
      'export function track(parcel) {\n  return parcel.stops.at(-1);\n}\n\nexport function isLate(parcel, now) {\n  return parcel.due < now;\n}\n\n// The estimate is recieved from the last stop.\nexport function estimate(parcel) {\n  let hours = parcel.stops.length * 6;\n  if (parcel.kind == "express") {\n    return hours / 2;\n  }\n  return hours;\n}\n',
    'scripts/clean.sh':
      '#!/bin/sh\nset -eu\ndir=$1\ncd $dir\nfor f in $(ls *.tmp); do\n  rm $f\ndone\n',
    'config/routes.yml': '---\nroutes:\n  - north\n  - south\n  - east   \n',
    'tools/report.py':
      'import os\n\n\ndef report(parcels):\n    total = len(parcels)\n    return totl\n',
    'README.md': '# Parcel tracker\n\nTells where a parcel is, and estimates when it will arive.\n',
  },
};
