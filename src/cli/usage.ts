/** What `sallyport --help` prints. */
export const usage = `sallyport: coding agents on pull requests, in sandboxes, behind a gate

  sallyport start             webhooks, gates, publisher and a runner in one process
  sallyport serve             webhooks, gates and publisher
  sallyport runner            takes tasks; needs the Docker Engine
  sallyport review PATH --base REF --head REF
      [--fix]                 also print the patch that fixes what can be fixed,
                              and what the gate would say of it
      [--format text|json|sarif|rdjsonl]
                              text on a terminal and json elsewhere, unless told
      [--runtime runc|runsc]  run under another runtime class than the policy names
                              reviews a local repository, which is only read;
                              exit code 1 when findings reach the failing level,
                              2 when there is no result, with the reason
  sallyport doctor [--json]   checks the installation and says how to mend it
      [--attack]              tries to break out of real sandboxes and keeps score;
                              exit code 1 when anything is broken
      [--runtime runc|runsc]  under this runtime class alone
  sallyport policy check FILE... [--json]
                              are the files policies, and does each narrow the layers
                              above it? exit code 1 when one does not
      [--layer operator|organisation|repository]
                              whose policy it is, where its path does not tell
      [--operator FILE] [--organisation FILE]
                              the layers above; the operator's is the configured one
                              unless told, the organisation's is none
  sallyport policy explain [--repo DIR|OWNER/NAME] [--ref REF] [--task NAME] [--json]
                              the effective policy, the source of each value, and its
                              tasks in words; exit code 1 when the layer is at fault
      [--pr N]                of a repository on GitHub: what a push there would start,
                              which rules decide, what no patch may touch, and
                              whose approval one would take
      [--repository FILE]     takes a file for the repository's layer, committed or not
      [--operator FILE] [--organisation FILE]
                              as above
  sallyport policy simulate --event FILE [--name EVENT] [--at TIME] [--json]
                              what Sallyport would do with a webhook, without doing it:
                              {"event", "payload"}, or a payload and its event's name
      [--path PATH]... [--permission LOGIN=NAME]...
                              what a payload does not say: changed files, and what
                              people may; the layers as above
  sallyport ledger verify [--task ID] [--head SEQ:HASH]... [--json]
  sallyport ledger export [--task ID]

Configuration is by environment: docs/configuration.md lists every variable.
`;
