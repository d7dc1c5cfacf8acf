/** Resolutions are for this clone: others have no `.yarn/patches`, and no package manager reads theirs. */
module.exports = {
  name: "pack-without-resolutions",
  factory: () => ({
    hooks: {
      beforeWorkspacePacking(_workspace, manifest) {
        delete manifest.resolutions;
      },
    },
  }),
};
