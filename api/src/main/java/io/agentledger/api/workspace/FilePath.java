package io.agentledger.api.workspace;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A path of a file below a workspace; never the workspace itself.
 *
 * @param steps at least one; none is empty, {@code .} or {@code ..}
 */
public record FilePath(List<String> steps) {
  /** Steps of a path, the name of the file included. */
  public static final int STEPS_MAX = 100;

  private static final int STEP_BYTES_MAX = 255;

  public FilePath {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || steps.size() > STEPS_MAX)
      throw new IllegalArgumentException("must be a path of 1 to " + STEPS_MAX + " steps");
    for (var step : steps) check(step);
  }

  /**
   * Parses a path.
   *
   * @param text with slashes, relative to the workspace
   * @throws IllegalArgumentException for an invalid path, with the violated rule
   */
  public static FilePath of(String text) {
    return new FilePath(List.of(text.split("/", -1)));
  }

  private static void check(String step) {
    if (step.isEmpty() || step.equals(".") || step.equals(".."))
      throw new IllegalArgumentException("must be relative, without empty steps, . and ..");
    if (step.indexOf('\0') >= 0 || step.indexOf('/') >= 0)
      throw new IllegalArgumentException("must not contain a NUL character");
    if (step.getBytes(StandardCharsets.UTF_8).length > STEP_BYTES_MAX)
      throw new IllegalArgumentException("must have names of at most 255 bytes");
  }

  public String name() {
    return steps.getLast();
  }

  /** Returns the directories that lead to the file. */
  public List<String> folders() {
    return steps.subList(0, steps.size() - 1);
  }

  @Override
  public String toString() {
    return String.join("/", steps);
  }
}
