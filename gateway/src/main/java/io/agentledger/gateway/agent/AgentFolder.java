package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentView;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts agents to folders in the layout of Claude Code, and back: {@code CLAUDE.md}, {@code
 * .claude/agents}, the settings that both have, and {@code agent.json} for the rest. A folder with
 * anything else is refused, so that nothing is lost unnoticed.
 */
@Component
class AgentFolder {
  private static final String AGENT = "agent.json";
  private static final String MEMORY = "CLAUDE.md";
  private static final String SETTINGS = ".claude/settings.json";
  private static final String SUBAGENTS = ".claude/agents/";
  private static final Pattern SUBAGENT = Pattern.compile("\\.claude/agents/([^/]+)\\.md");

  /** Settings of Claude Code, by their places, and the options that have their values. */
  private static final Map<String, String> OPTIONS =
      new TreeMap<>(
          Map.of(
              "model", "model",
              "outputStyle", "output_style",
              "env", "env",
              "permissions/defaultMode", "permission_mode",
              "permissions/allow", "allowed_tools",
              "permissions/deny", "disallowed_tools"));

  private final WireJson json;

  AgentFolder(WireJson json) {
    this.json = json;
  }

  /** Fields of {@code agent.json}. */
  record AgentFile(
      @Nullable String name,
      @Nullable String description,
      @Nullable Json session,
      @Nullable List<String> writableFolders) {}

  /** Returns the files of an agent: path -> text. */
  SortedMap<String, String> toFiles(AgentView agent) {
    var files = new TreeMap<String, String>();
    var session = json.parseObject(agent.session().text());
    if (session.get("options") instanceof ObjectNode options) {
      files.putAll(takeSubagents(options));
      var settings = takeSettings(options);
      if (!settings.isEmpty()) files.put(SETTINGS, toText(settings));
      if (options.isEmpty()) session.remove("options");
    }
    if (agent.instructions() != null) files.put(MEMORY, agent.instructions());
    var rest = json.parseObject("{}");
    rest.put("name", agent.name());
    if (agent.description() != null) rest.put("description", agent.description());
    rest.set("session", session);
    if (!agent.writableFolders().isEmpty()) {
      var folders = rest.putArray("writable_folders");
      agent.writableFolders().forEach(folders::add);
    }
    files.put(AGENT, toText(rest));
    return files;
  }

  /** Removes the subagents that a file can express; the others stay in {@code agent.json}. */
  private static Map<String, String> takeSubagents(ObjectNode options) {
    var files = new TreeMap<String, String>();
    if (!(options.get("agents") instanceof ObjectNode subagents)) return files;
    for (var name : List.copyOf(subagents.propertyNames())) {
      var subagent = new SubagentFile(name, subagents.withObject("/" + name));
      var path = SUBAGENTS + name + ".md";
      var text = subagent.toText();
      if (!subagent.isIn(path, text)) continue;
      files.put(path, text);
      subagents.remove(name);
    }
    if (subagents.isEmpty()) options.remove("agents");
    return files;
  }

  private ObjectNode takeSettings(ObjectNode options) {
    var settings = json.parseObject("{}");
    OPTIONS.forEach(
        (place, option) -> {
          var value = options.get(option);
          if (value == null || value.isNull() || hasGroup(value)) return;
          options.remove(option);
          int slash = place.indexOf('/');
          if (slash < 0) settings.set(place, value);
          else
            settings
                .withObject("/" + place.substring(0, slash))
                .set(place.substring(slash + 1), value);
        });
    return settings;
  }

  /** Returns whether a list of rules has a group of tools, which Claude Code does not know. */
  private static boolean hasGroup(JsonNode rules) {
    return rules.isArray()
        && rules.valueStream().anyMatch(rule -> rule.asString("").startsWith("@"));
  }

  private String toText(ObjectNode object) {
    return json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(object) + "\n";
  }

  /**
   * Returns the request that creates the agent of a folder.
   *
   * @param files path -> text
   * @throws InvalidRequestException with all files that an agent cannot have
   */
  AgentRequest toRequest(SortedMap<String, String> files) {
    var violations = new ArrayList<Violation>();
    var file = json.read(parse(AGENT, files.getOrDefault(AGENT, "{}")), AgentFile.class);
    if (file.name() == null)
      violations.add(Violation.body(AgentZip.pointer(AGENT), "must be there, with the name"));
    var session = parse(AGENT, file.session() == null ? "{}" : file.session().text());
    var options = objectIn(session, "options");
    var subagents = new HashMap<String, String>();
    if (options.get("agents") instanceof ObjectNode inAgent)
      inAgent.propertyNames().forEach(name -> subagents.put(name, AGENT));
    files.forEach(
        (path, text) -> {
          var subagent = SUBAGENT.matcher(path);
          if (path.equals(SETTINGS)) putSettings(text, options, violations);
          else if (subagent.matches()) {
            var parsed = SubagentFile.parse(path, subagent.group(1), text);
            var other = subagents.putIfAbsent(parsed.name(), path);
            if (other == null) objectIn(options, "agents").set(parsed.name(), parsed.definition());
            else
              violations.add(
                  Violation.body(
                      AgentZip.pointer(path),
                      "has the name of the subagent in " + other + ": rename or remove one"));
          } else if (!List.of(AGENT, MEMORY).contains(path))
            violations.add(
                Violation.body(
                    AgentZip.pointer(path), "is not supported in an agent: remove the file"));
        });
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    if (options.isEmpty()) session.remove("options");
    var instructions = files.get(MEMORY);
    return new AgentRequest(
        String.valueOf(file.name()),
        null,
        null,
        file.description(),
        new Json(session.toString()),
        instructions == null || instructions.isBlank() ? null : instructions,
        file.writableFolders());
  }

  private ObjectNode parse(String file, String text) {
    try {
      return json.parseObject(text);
    } catch (InvalidRequestException exception) {
      throw InvalidRequestException.body(AgentZip.pointer(file), "must be a JSON object");
    }
  }

  private static ObjectNode objectIn(ObjectNode parent, String field) {
    if (parent.hasNonNull(field) && !parent.path(field).isObject())
      throw InvalidRequestException.body(
          AgentZip.pointer(AGENT), "must have an object as its " + field);
    return parent.withObject("/" + field);
  }

  private void putSettings(String text, ObjectNode options, List<Violation> violations) {
    var settings = parse(SETTINGS, text);
    settings.remove("$schema");
    putSettings("", settings, options, violations);
  }

  private static void putSettings(
      String parent, ObjectNode settings, ObjectNode options, List<Violation> violations) {
    for (var setting : settings.properties()) {
      var place = parent + setting.getKey();
      var option = OPTIONS.get(place);
      if (option != null) options.set(option, setting.getValue());
      else if (place.equals("permissions") && setting.getValue() instanceof ObjectNode permissions)
        putSettings("permissions/", permissions, options, violations);
      else
        violations.add(
            Violation.body(
                AgentZip.pointer(SETTINGS) + "/" + place,
                "is not supported in an agent: remove the setting"));
    }
  }
}
