package io.agentledger.command.claude.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Attack of a shell command on path rules, in a workspace where {@code secrets/**}, {@code
 * deep/er/key.txt} and others are hidden and {@code kept/**} is read-only.
 *
 * @param won pattern of the output of a success
 */
record PathAttack(String sentence, String script, String won) {
  static final String TREASURE = "the-treasure";

  /** Unusual name of a hidden directory. */
  static final String ODD = "odd \\ 'n\" [x] {a,b} $(id) #é ";

  static final List<String> HIDDEN =
      List.of(
          "secrets/**",
          "deep/er/key.txt",
          "kept/private/**",
          "absent/inner/**",
          ODD + "/**",
          "list[ab]/**",
          "file/below",
          "/tmp/closed/**");

  static final List<String> READ_ONLY_FILES =
      List.of("kept/**", "single.txt", "/workspace/deep/kept.txt");

  private static final Map<String, String> FILES =
      Map.ofEntries(
          Map.entry("secrets/key", TREASURE),
          Map.entry("deep/er/key.txt", TREASURE),
          Map.entry("deep/er/beside.txt", "beside"),
          Map.entry("deep/kept.txt", "kept"),
          Map.entry("kept/k.txt", "kept"),
          Map.entry("kept/private/key", TREASURE),
          Map.entry(ODD + "/key", TREASURE),
          Map.entry("list[ab]/key", TREASURE),
          Map.entry("lista/free", "free"),
          Map.entry("file", "a file where a folder could be"),
          Map.entry("single.txt", "single"));

  /** Creates the protected files in a workspace. */
  static void createFiles(Path folder) throws IOException {
    for (var file : FILES.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue() + "\n");
    }
  }

  @Override
  public String toString() {
    return sentence;
  }

  private static PathAttack read(String sentence, String script) {
    return new PathAttack(sentence, script, TREASURE);
  }

  private static PathAttack write(String sentence, String script) {
    return new PathAttack(sentence, script, "WROTE");
  }

  /** Returns the number of the system call renameat2, which can exchange two names. */
  static int renameat2() {
    return System.getProperty("os.arch").equals("amd64") ? 316 : 276;
  }

  private static String exchange(String one, String other) {
    return "perl -e '($x, $y) = @ARGV; syscall(%d, -100, $x, -100, $y, 2)' %s %s; "
        .formatted(renameat2(), one, other);
  }

  static final List<PathAttack> ALL =
      List.of(
          read("reads a file in a hidden folder", "cat secrets/key"),
          new PathAttack("looks what is in a hidden folder", "ls -a secrets", "(?m)^key$"),
          read("reads a hidden file", "cat deep/er/key.txt"),
          read("reads what is hidden in a folder that may be read", "cat kept/private/key"),
          read(
              "reads through symbolic links",
              "ln -s secrets/key l1; ln -s /workspace/deep/er l2; cat l1 l2/key.txt deep/er/key.txt"),
          read(
              "reads through hard links",
              "ln deep/er/key.txt h1; ln secrets/key h2; cp -al deep h3; cat h1 h2 h3/er/key.txt"),
          read("renames a hidden folder", "mv secrets free; cat free/key"),
          read("renames a hidden file", "mv deep/er/key.txt free.txt; cat free.txt"),
          read(
              "renames the folders above",
              "mv deep/er free; mv deep free2; cat free/key.txt free2/er/key.txt"),
          read(
              "exchanges the folders above for others",
              "mkdir -p x1 x2 x3; "
                  + exchange("deep", "x1")
                  + exchange("deep/er", "x2")
                  + exchange("secrets", "x3")
                  + "cat x1/er/key.txt x2/key.txt x3/key"),
          read("opens the modes", "chmod -R 777 secrets deep; cat secrets/key deep/er/key.txt"),
          read("unmounts what hides it", "umount -l secrets; umount deep; cat secrets/key"),
          read(
              "looks from the roots and folders of all processes",
              "cat /proc/[0-9]*/root/workspace/secrets/key /proc/[0-9]*/cwd/secrets/key"),
          read("looks from an open folder", "exec 3<.; cat /proc/self/fd/3/secrets/key"),
          read(
              "looks from namespaces of its own",
              "unshare -Urm sh -c 'umount secrets; cat secrets/key';"
                  + " bwrap --dev-bind / / cat secrets/key; cat secrets/key"),
          read(
              "copies and packs everything",
              "mkdir /tmp/c$$; cp -r * /tmp/c$$; grep -rhao 'the-[t]reasure' /tmp/c$$;"
                  + " tar c * | grep -ao 'the-[t]reasure'; rm -r /tmp/c$$"),
          read("reads where names are odd", "cat odd*/key list*/key"),
          write("writes to a kept file", "echo x >kept/k.txt && echo WROTE"),
          write("writes to a file that is kept by its name", "echo x >>single.txt && echo WROTE"),
          write("makes a file in a kept folder", "touch kept/new && echo WROTE"),
          write(
              "deletes what is kept",
              "rm -f kept/k.txt && echo WROTE; rm -f single.txt && echo WROTE"),
          write(
              "renames what is kept, and what is above it",
              "mv kept k && echo WROTE; mv single.txt s && echo WROTE; mv deep d && echo WROTE"),
          write(
              "renames another file over one that is kept",
              "echo x >x; mv x single.txt && echo WROTE; sed -i s/k/x/ deep/kept.txt && echo WROTE"),
          write("writes through a hard link", "ln kept/k.txt h && echo x >h && echo WROTE"),
          write(
              "has a kept folder mounted to be written",
              "mount -o remount,rw,bind kept; echo x >kept/k.txt && echo WROTE"),
          write(
              "makes what is not there and shall not be",
              "mkdir -p absent/inner/x && echo WROTE; touch absent/inner/f && echo WROTE"),
          write(
              "puts something else in the place of what is not there",
              "mkdir -p absent/inner; rmdir absent/inner && ln -s /tmp absent/inner && echo WROTE;"
                  + " mv absent gone && echo WROTE"),
          write(
              "has a folder where a file is in the way",
              "rm file && mkdir -p file/below && echo WROTE"));
}
