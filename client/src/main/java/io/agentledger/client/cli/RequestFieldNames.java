package io.agentledger.client.cli;

import static java.util.Map.entry;

import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ApiException.FieldError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParseResult;

/**
 * Names of a command's arguments for the fields of its requests: a refusal of {@code
 * /inputs/0/options/allowed_tools/0} is reported about {@code --allow}, which the user typed.
 */
final class RequestFieldNames {
  private static final Pattern SEPARATOR = Pattern.compile("/");
  private static final Pattern INDEX = Pattern.compile("\\d+");

  private static final Map<String, List<String>> ARGUMENTS =
      Map.ofEntries(
          entry("action", List.of("--action")),
          entry("activity", List.of("--activity")),
          entry("actor", List.of("--actor")),
          entry("after", List.of("--after")),
          entry("assignee", List.of("--assignee", "USER")),
          entry("as_of", List.of("--as-of")),
          entry("at", List.of("--at")),
          entry("allowed_tools", List.of("--allow")),
          entry("commands", List.of("--command")),
          entry("contact", List.of("--contact")),
          entry("disallowed_tools", List.of("--deny")),
          entry("event_types", List.of("--event")),
          entry("executor", List.of("--executor")),
          entry("expires_at", List.of("--days")),
          entry("folder", List.of("FOLDER")),
          entry("format", List.of("--format", "--output")),
          entry("from", List.of("--from", "--since", "FROM")),
          entry("group_by", List.of("--by")),
          entry("hosts", List.of("--host")),
          entry("max_gap_ms", List.of("--max-pause")),
          entry("label", List.of("--label")),
          entry("labels", List.of("LABEL")),
          entry("language", List.of("--language")),
          entry("limit", List.of("--limit")),
          entry("max_turns", List.of("--max-turns")),
          entry("mentions", List.of("PROMPT")),
          entry("model", List.of("--model")),
          entry("name", List.of("NAME", "--template")),
          entry("origin", List.of("--origin")),
          entry("outcome", List.of("--outcome")),
          entry("parameters", List.of("--parameter")),
          entry("path", List.of("--dir", "--in-place", "FILE")),
          entry("paths", List.of("--path")),
          entry("permission_mode", List.of("--permission-mode")),
          entry("prompt", List.of("PROMPT")),
          entry("q", List.of("WORDS")),
          entry("reason", List.of("--reason")),
          entry("request_id", List.of("--request")),
          entry("resource_id", List.of("--resource")),
          entry("resource_type", List.of("--type")),
          entry("schedule_id", List.of("--schedule")),
          entry("scopes", List.of("--scope")),
          entry("session_id", List.of("SESSION")),
          entry("sha256", List.of("--sha256")),
          entry("speed", List.of("--speed")),
          entry("template_id", List.of("--template")),
          entry("text", List.of("TEXT", "--text")),
          entry("time_zone", List.of("--time-zone")),
          entry("to", List.of("--to", "TO")),
          entry("tools", List.of("--deny", "--ask", "--allow")),
          entry("type", List.of("--type")),
          entry("until", List.of("--until")),
          entry("url", List.of("URL")),
          entry("user_id", List.of("--user")),
          entry("variables", List.of("--var")));

  private final List<String> typed;
  private final Set<String> known;

  RequestFieldNames(ParseResult command) {
    this.known =
        command.commandSpec().args().stream().map(UsageMessage::name).collect(Collectors.toSet());
    this.typed =
        Stream.<ArgSpec>concat(
                command.matchedOptions().stream(), command.matchedPositionals().stream())
            .map(UsageMessage::name)
            .toList();
  }

  /** Returns the refusal in terms of the arguments; empty if it is not about arguments only. */
  Optional<String> describe(ApiException refusal) {
    var errors = refusal.errors();
    if (errors.isEmpty() || !errors.stream().allMatch(error -> find(error).isPresent()))
      return Optional.empty();
    return Optional.of(
        errors.stream()
            .map(error -> find(error).orElseThrow() + ": " + error.detail())
            .collect(Collectors.joining("; ")));
  }

  /** Returns the argument for the last name that has one, with the names of what is within it. */
  private Optional<String> find(FieldError error) {
    var within = "";
    for (String name : List.of(SEPARATOR.split(error.location())).reversed()) {
      var argument = findArgument(ARGUMENTS.getOrDefault(name, List.of()), !within.isEmpty());
      if (argument.isPresent()) return Optional.of(argument.get() + within);
      if (!INDEX.matcher(name).matches()) within = " " + name + within;
    }
    return Optional.empty();
  }

  /**
   * Returns the argument that was typed, or else the only one for a field of which a part is
   * missing.
   */
  private Optional<String> findArgument(List<String> names, boolean isPart) {
    var untyped = names.stream().filter(known::contains).toList();
    return names.stream()
        .filter(typed::contains)
        .findFirst()
        .or(() -> untyped.stream().filter(name -> isPart && untyped.size() == 1).findFirst());
  }
}
