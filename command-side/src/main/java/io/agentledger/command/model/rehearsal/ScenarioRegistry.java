package io.agentledger.command.model.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Registry of all scenarios, which are read and validated when the service starts. A prompt
 * contains its own scenario in a fenced block marked {@code rehearsal}, or selects one by a line
 * {@code scenario: name}; otherwise the first scenario whose pattern matches is played, users'
 * scenarios before shipped ones, and finally {@code default}.
 */
public final class ScenarioRegistry {
  private static final Pattern INLINE =
      Pattern.compile("(?m)^```rehearsal[ \\t]*\\R((?s:.{0,65536}?))^```[ \\t]*$");
  private static final Pattern BY_NAME =
      Pattern.compile("(?m)^[ \\t]*scenario:[ \\t]*([A-Za-z0-9_-]{1,64})[ \\t]*$");
  private static final String DEFAULT = "default";
  private static final int FILE_BYTES_MAX = 1 << 20;

  private final Map<String, Scenario> byName;
  private final List<Candidate> byPattern;

  /** A scenario with its name. */
  record NamedScenario(String name, Scenario scenario) {}

  private record Candidate(Pattern pattern, boolean own, NamedScenario named) {}

  private ScenarioRegistry(Map<String, Scenario> shipped, Map<String, Scenario> custom) {
    this.byName = new LinkedHashMap<>(shipped);
    byName.putAll(custom);
    List<Candidate> candidates = new ArrayList<>();
    byName.forEach(
        (name, scenario) -> {
          String when = scenario.when();
          if (when == null) return;
          var named = new NamedScenario(name, scenario);
          candidates.add(new Candidate(Pattern.compile(when), custom.containsKey(name), named));
        });
    candidates.sort(
        Comparator.comparing((Candidate c) -> !c.own())
            .thenComparing(c -> c.named().scenario().order()));
    this.byPattern = List.copyOf(candidates);
  }

  /** Loads the shipped scenarios and those in {@code directory}, if it exists. */
  public static ScenarioRegistry load(@Nullable Path directory) {
    List<String> faults = new ArrayList<>();
    Map<String, Scenario> shipped = new LinkedHashMap<>();
    Map<String, Scenario> custom = new LinkedHashMap<>();
    try {
      for (Resource resource :
          new PathMatchingResourcePatternResolver(ScenarioRegistry.class.getClassLoader())
              .getResources("classpath*:rehearsal/*.yaml")) {
        String file = String.valueOf(resource.getFilename());
        add(shipped, file, resource.getContentAsString(StandardCharsets.UTF_8), faults);
      }
      for (Path file : files(directory)) add(custom, file.toString(), text(file), faults);
    } catch (IOException e) {
      throw new UncheckedIOException("rehearsal scenarios cannot be read", e);
    }
    if (!shipped.containsKey(DEFAULT)) faults.add("default.yaml: must be there");
    if (!faults.isEmpty()) throw new InvalidScenarioException(faults);
    return new ScenarioRegistry(shipped, custom);
  }

  private static List<Path> files(@Nullable Path directory) throws IOException {
    if (directory == null || !Files.isDirectory(directory)) return List.of();
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(yaml|yml|json)"))
          .sorted()
          .toList();
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      if (bytes.length > FILE_BYTES_MAX) throw new IOException(file + " is larger than 1 MiB");
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static void add(
      Map<String, Scenario> scenarios, String file, String text, List<String> faults) {
    String name = Path.of(file).getFileName().toString().replaceFirst("\\.[a-z]+$", "");
    try {
      scenarios.put(name, ScenarioReader.read(file, text));
    } catch (InvalidScenarioException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
  }

  /** Returns the names of all scenarios. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** Chooses the scenario for a prompt; throws if the prompt contains an invalid one. */
  NamedScenario choose(String prompt) {
    Matcher inline = INLINE.matcher(prompt);
    if (inline.find())
      return new NamedScenario("inline", ScenarioReader.read("inline", inline.group(1)));
    Matcher called = BY_NAME.matcher(prompt);
    if (called.find()) return requireNamed(called.group(1));
    for (Candidate candidate : byPattern) {
      if (matches(candidate, prompt)) return candidate.named();
    }
    return requireNamed(DEFAULT);
  }

  private NamedScenario requireNamed(String name) {
    Scenario scenario = byName.get(name);
    if (scenario == null) {
      throw new InvalidScenarioException(
          List.of(
              "There is no scenario '"
                  + name
                  + "'. There are: "
                  + String.join(", ", byName.keySet())));
    }
    return new NamedScenario(name, scenario);
  }

  private static boolean matches(Candidate candidate, String prompt) {
    try {
      return candidate.pattern().matcher(new RegexGuardedText(prompt)).find();
    } catch (RegexGuardedText.RegexTimeoutException | StackOverflowError e) {
      return false; // A pattern that exceeds its limit does not match.
    }
  }
}
