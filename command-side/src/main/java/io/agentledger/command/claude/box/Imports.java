package io.agentledger.command.claude.box;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code @path} imports of a workspace's memory. What is imported comes along under a name of
 * its own; what lies outside of the workspace is not imported: the CLI reads imports itself, past
 * every rule for its tools.
 */
final class Imports {
  /** Where imported files stand in the CLI's configuration. */
  static final String FOLDER = "given-memory";

  private static final int DEPTH_MAX = 5; // as Claude Code has it
  private static final Pattern IMPORT = Pattern.compile("(?<![\\w`@])@([~/.\\w][~/.\\w+-]*)");

  private static final Pattern LEADS_OUT = Pattern.compile("[~/.]|.*/[.][.](/|$)");

  private final Prepared.Reading reading;
  private final Set<String> taken = new HashSet<>();

  Imports(Prepared.Reading reading) {
    this.reading = reading;
  }

  /** The text with its imports as the CLI will find them. */
  String in(String memory) throws IOException {
    return in(memory, Path.of(""), "", 1);
  }

  /**
   * @param folder of the workspace, that the text's imports are relative to
   * @param back from the text's place in the configuration to its root
   */
  private String in(String text, Path folder, String back, int depth) throws IOException {
    Matcher imports = IMPORT.matcher(text);
    StringBuilder rewritten = new StringBuilder();
    while (imports.find()) {
      String named = imports.group(1).replaceAll("[.]+$", ""); // the sentence's end
      String rest = imports.group(1).substring(named.length());
      Optional<Path> inside = depth > DEPTH_MAX ? Optional.empty() : inside(folder, named);
      boolean there = inside.isPresent() && take(inside.get(), depth);
      String instead =
          there
              ? "@" + back + FOLDER + "/" + inside.get()
              : LEADS_OUT.matcher(named).lookingAt() ? "`@" + named + "`" : "@" + named;
      imports.appendReplacement(rewritten, Matcher.quoteReplacement(instead + rest));
    }
    return imports.appendTail(rewritten).toString();
  }

  private static Optional<Path> inside(Path folder, String named) {
    try {
      Path path = Path.of(named);
      Path whole = folder.resolve(path).normalize();
      boolean out = path.isAbsolute() || named.startsWith("~") || whole.startsWith("..");
      return out || whole.toString().isEmpty() ? Optional.empty() : Optional.of(whole);
    } catch (InvalidPathException noPath) {
      return Optional.empty();
    }
  }

  private boolean take(Path file, int depth) throws IOException {
    if (!taken.add(file.toString())) {
      return true;
    }
    Optional<String> text = reading.text(file.toString());
    if (text.isEmpty()) {
      taken.remove(file.toString());
      return false;
    }
    Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
    String back = "../".repeat(file.getNameCount());
    reading.put(FOLDER + "/" + file, in(text.get(), folder, back, depth + 1));
    return true;
  }
}
