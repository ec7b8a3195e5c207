package io.agentledger.command.model.rehearsal;

import io.agentledger.command.model.rehearsal.Scenario.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a scenario from YAML and reports all errors with their position and reason. */
final class ScenarioReader {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .addModule(new SimpleModule().addDeserializer(Duration.class, new ReadableDuration()))
          .build();

  private ScenarioReader() {}

  /** Reads the scenario in {@code text}; errors are reported under {@code name}. */
  static Scenario read(String name, String text) {
    try {
      JsonNode tree = YAML.readTree(text);
      Scenario scenario =
          tree.isArray()
              ? new Scenario("", null, 0, null, List.of(YAML.readValue(text, Step[].class)))
              : YAML.readValue(text, Scenario.class);
      List<ScenarioValidator.Fault> faults = ScenarioValidator.faults(scenario);
      if (!faults.isEmpty()) throw new InvalidScenarioException(withLines(name, text, faults));
      return scenario;
    } catch (JacksonException e) {
      throw new InvalidScenarioException(List.of(name + ":" + line(e) + ": " + describe(e)));
    }
  }

  /** Describes a Jackson error in terms of the file format instead of Java classes. */
  private static String describe(JacksonException e) {
    if (!(e instanceof DatabindException)) return "is not valid YAML: " + e.getOriginalMessage();
    var pointer = new StringBuilder();
    e.getPath().forEach(step -> pointer.append('/').append(name(step)));
    String path = pointer.isEmpty() ? "/" : pointer.toString();
    if (e instanceof UnrecognizedPropertyException unknown) {
      Stream<String> known = unknown.getKnownPropertyIds().stream().map(String::valueOf);
      return path
          + ": is not a field; the fields are: "
          + known.sorted().collect(Collectors.joining(", "));
    }
    if (e instanceof InvalidFormatException format) {
      return path + ": '" + format.getValue() + "' is not allowed here";
    }
    return path + ": has the wrong type";
  }

  private static String name(JacksonException.Reference step) {
    String property = step.getPropertyName();
    return property != null ? property : Integer.toString(step.getIndex());
  }

  private static int line(JacksonException e) {
    return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
  }

  private static List<String> withLines(
      String name, String text, List<ScenarioValidator.Fault> faults) {
    Map<String, Integer> lines = lines(text);
    List<String> located = new ArrayList<>();
    for (ScenarioValidator.Fault fault : faults) {
      String path = fault.pointer();
      while (!path.isEmpty() && !lines.containsKey(path)) {
        path = path.substring(0, path.lastIndexOf('/'));
      }
      int line = lines.getOrDefault(path, 1);
      located.add(name + ":" + line + ": " + fault.pointer() + ": " + fault.rule());
    }
    return located;
  }

  /** Returns the line of each field by its JSON pointer. */
  private static Map<String, Integer> lines(String text) {
    Map<String, Integer> lines = new HashMap<>();
    try (JsonParser parser = YAML.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        String pointer = parser.streamReadContext().pathAsPointer().toString();
        lines.putIfAbsent(pointer, parser.currentTokenLocation().getLineNr());
      }
    }
    return lines;
  }

  /** Parses durations such as {@code 200ms} or {@code 2s}, as in the settings. */
  private static final class ReadableDuration extends StdDeserializer<Duration> {
    ReadableDuration() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context) {
      String text = parser.getValueAsString("");
      try {
        return DurationStyle.detectAndParse(text);
      } catch (IllegalArgumentException e) {
        return (Duration)
            context.handleWeirdStringValue(
                Duration.class, text, "is not a duration such as 200ms or 2s");
      }
    }
  }
}
