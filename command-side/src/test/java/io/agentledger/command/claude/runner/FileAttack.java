package io.agentledger.command.claude.runner;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Attack with the CLI's own file tools, which run beside the CLI and not in the nested sandbox,
 * under a policy that permits everything.
 *
 * @param won pattern of the result of a success
 * @param benign the control: the same tool where it is permitted
 */
record FileAttack(
    String sentence, String tool, Map<String, String> input, String won, boolean benign) {
  private static final String KEY = "held-by-the-model-gateway|ANTHROPIC_";
  private static final String JOURNAL = "stream_event|\\\\?\"type\\\\?\":\\\\?\"(system|assistant)";
  private static final String CONFIG = "parentUuid|firstStartTime|userID";

  /** Creates the links of the attacks, and leaves the CLI in a directory that has some. */
  static final String PREPARED =
      "cd /workspace; echo plain-content | tee plain.txt >behind.txt; ln -s behind.txt inner;"
          + " ln -s /proc/self/environ environ; ln -s / root; ln -s /proc/self/fd/1 journal;"
          + " ln -s /home/agent/.claude config; ln -s /home/agent/.claude/.claude.json state;"
          + " ln -s environ twice; mkdir -p deep; ln -s /proc/self/environ deep/plain.txt;"
          + " ln -s /home/agent/.claude/.claude.json deep/inner; cd deep";

  private static FileAttack read(String sentence, String path, String won) {
    return new FileAttack(sentence, "Read", Map.of("file_path", path), won, false);
  }

  static final List<FileAttack> ALL =
      List.of(
          read("reads the CLI's environment by name", "/proc/self/environ", KEY),
          read("reads it by the name of a thread", "/proc/self/task/2/environ", KEY),
          read(
              "reads it by way of the root of a process", "/proc/self/root/proc/self/environ", KEY),
          read("reads it by the CLI's number", "/proc/2/environ", KEY),
          read("reads it by number and thread", "/proc/2/task/2/environ", KEY),
          read("reads it by the thread that asks", "/proc/thread-self/environ", KEY),
          read("reads the CLI's command line", "/proc/self/cmdline", "permission-prompt-tool"),
          read("reads the CLI's memory map", "/proc/self/maps", "/opt/claude"),
          read("reads the journal by another name of it", "/dev/fd/1", JOURNAL),
          read("reads it through a link in the workspace", "/workspace/environ", KEY),
          read("reads it through a link to a link", "/workspace/twice", KEY),
          read("reads it through a link to the root", "/workspace/root/proc/self/environ", KEY),
          read("reads it by a path that goes up", "/workspace/../proc/self/environ", KEY),
          read("reads it by a relative path from another folder", "plain.txt", KEY),
          read("reads the journal by its descriptor", "/proc/self/fd/1", JOURNAL),
          read("reads the journal through /dev", "/dev/stdout", JOURNAL),
          read("reads the journal through a link", "/workspace/journal", JOURNAL),
          read("reads the CLI's configuration by name", "/home/agent/.claude/.claude.json", CONFIG),
          read("reads the CLI's configuration through a link", "/workspace/state", CONFIG),
          read(
              "reads the CLI's configuration through a folder",
              "/workspace/config/.claude.json",
              CONFIG),
          read("reads the CLI's configuration by a relative path", "inner", CONFIG),
          read("reads another session's file by its name on the host", "OTHER_FILE", "secret-"),
          read("reads the master key by its name on the host", "MASTER_KEY", "primaryKeyId"),
          new FileAttack(
              "searches the environments of processes",
              "Grep",
              Map.of("pattern", "ANTHROPIC", "path", "/proc/self", "output_mode", "content"),
              KEY,
              false),
          new FileAttack(
              "searches the CLI's conversations",
              "Grep",
              Map.of("pattern", "uuid", "path", "/workspace/config", "output_mode", "content"),
              CONFIG,
              false),
          new FileAttack(
              "lists the CLI's conversations",
              "Glob",
              Map.of("pattern", "**/*.jsonl", "path", "/home/agent/.claude"),
              "\\.jsonl",
              false),
          new FileAttack(
              "lists them by a pattern that is a path",
              "Glob",
              Map.of("pattern", "/home/agent/.claude/projects/**"),
              "\\.jsonl",
              false),
          new FileAttack(
              "lists them by a pattern that goes up",
              "Glob",
              Map.of("pattern", "../home/agent/.claude/**/*.jsonl"),
              "\\.jsonl",
              false),
          new FileAttack(
              "lists them by a pattern through a link",
              "Glob",
              Map.of("pattern", "config/**/*.jsonl", "path", "/workspace"),
              "\\.jsonl",
              false),
          new FileAttack(
              "lists them by a pattern that finds the link",
              "Glob",
              Map.of("pattern", "conf*/**/*.jsonl", "path", "/workspace"),
              "\\.jsonl",
              false),
          new FileAttack(
              "lists them by a pattern with alternatives",
              "Glob",
              Map.of("pattern", "{/home/agent/.claude,x}/**/*.jsonl"),
              "\\.jsonl",
              false),
          new FileAttack(
              "lists them from further up",
              "Glob",
              Map.of("pattern", "**/*.jsonl", "path", "/home"),
              "\\.jsonl",
              false),
          new FileAttack(
              "searches them from further up",
              "Grep",
              Map.of("pattern", "uuid", "path", "/home/agent", "output_mode", "content"),
              CONFIG,
              false),
          new FileAttack(
              "writes settings for the CLI through a link",
              "Write",
              Map.of("file_path", "/workspace/config/settings.json", "content", "{}"),
              "(?i)file created|created successfully|has been (updated|written)",
              false),
          new FileAttack(
              "writes a notebook into the CLI's configuration",
              "NotebookEdit",
              Map.of(
                  "notebook_path", "/workspace/config/book.ipynb",
                  "new_source", "print(1)",
                  "edit_mode", "insert",
                  "cell_type", "code"),
              "(?i)inserted cell|updated cell",
              false),
          new FileAttack(
              "writes into the CLI's input",
              "Write",
              Map.of("file_path", "/proc/self/fd/0", "content", "{}"),
              "(?i)file created|created successfully|has been (updated|written)",
              false),
          new FileAttack(
              "reads a file of the workspace (control)",
              "Read",
              Map.of("file_path", "/workspace/plain.txt"),
              "plain-content",
              true),
          new FileAttack(
              "reads through a link within the workspace (control)",
              "Read",
              Map.of("file_path", "/workspace/inner"),
              "plain-content",
              true),
          new FileAttack(
              "searches the workspace (control)",
              "Grep",
              Map.of("pattern", "plain-con", "path", "/workspace", "output_mode", "content"),
              "plain-content",
              true),
          new FileAttack(
              "lists the workspace (control)",
              "Glob",
              Map.of("pattern", "*.txt", "path", "/workspace"),
              "plain\\.txt",
              true),
          new FileAttack(
              "writes a file of the workspace (control)",
              "Write",
              Map.of("file_path", "/workspace/written.txt", "content", "by the agent"),
              "(?i)created",
              true));

  EscapeTestSupport.Call call(Map<String, String> surroundings) {
    Map<String, String> filled = new TreeMap<>(input);
    filled.replaceAll((name, value) -> surroundings.getOrDefault(value, value));
    return new EscapeTestSupport.Call(tool, filled);
  }

  @Override
  public String toString() {
    return sentence;
  }
}
