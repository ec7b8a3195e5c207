package io.agentledger.command.trigger;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.DeliveryOutcome.IgnoreReason;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerDefinition.CommandRule;
import io.agentledger.api.trigger.TriggerEvaluator.InvalidTriggerException;
import io.agentledger.command.flow.provider.CommentMarker;
import io.agentledger.command.support.UntrustedText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Trigger in one version, with its compiled condition. Thread-safe. */
final class CompiledTrigger {
  private static final String DEFAULT_KEY = "{{event.repository}}#{{event.number}}";
  private static final String PING = "ping";
  private static final int KEY_LENGTH_MAX = 500;

  private final String provider;
  private final TaskId taskId;
  private final TriggerDefinition definition;
  private final @Nullable TriggerCondition condition;
  private final TriggerTemplate keyTemplate;

  /**
   * Compiles a definition.
   *
   * @throws InvalidTriggerException with the first violation
   */
  CompiledTrigger(String provider, TaskId taskId, TriggerDefinition definition) {
    this.provider = provider;
    this.taskId = taskId;
    this.definition = definition;
    this.condition = compile(definition.condition());
    var key = definition.concurrencyKey();
    this.keyTemplate =
        compile("concurrency_key", key == null ? DEFAULT_KEY : key, CompiledTrigger::toKeyPart);
    if (definition.prompt() != null) compile("prompt", definition.prompt(), value -> "");
  }

  private static @Nullable TriggerCondition compile(@Nullable String expression) {
    try {
      return expression == null ? null : TriggerCondition.compile(expression);
    } catch (IllegalArgumentException e) {
      throw new InvalidTriggerException(
          "condition",
          "must be a CEL expression with a boolean result about event and payload: "
              + e.getMessage());
    }
  }

  private static TriggerTemplate compile(String field, String template, Mustache.Formatter format) {
    try {
      var compiled = TriggerTemplate.compile(template, format);
      compiled.render(Map.of()); // Finds what cannot be rendered with any payload.
      return compiled;
    } catch (MustacheException e) {
      throw new InvalidTriggerException(
          field, "must be a Mustache template without partials: " + e.getMessage());
    }
  }

  /** A key is short: its parts are texts, numbers and truth values. */
  private static String toKeyPart(Object value) {
    if (value instanceof Map || value instanceof List)
      throw new MustacheException("a concurrency key has no objects and lists");
    var text = String.valueOf(value);
    return text.length() > KEY_LENGTH_MAX ? text.substring(0, KEY_LENGTH_MAX) : text;
  }

  /** Result of an evaluation. */
  sealed interface Evaluation {
    ProviderEvent event();

    /** It starts nothing. */
    record Ignored(ProviderEvent event, IgnoreReason reason) implements Evaluation {}

    /**
     * It starts a task.
     *
     * @param command empty for none
     * @param prompt with the marked texts
     * @param replacesPrompt whether it replaces the prompt of the task, and not only follows it
     * @param key concurrency key; empty for none
     * @param item that a flow replies to; empty if the event has none
     */
    record Started(
        ProviderEvent event,
        TaskId taskId,
        String command,
        String prompt,
        boolean replacesPrompt,
        String key,
        Optional<SourceReference> item)
        implements Evaluation {}

    /**
     * Its comment decides about a plan, if its author may.
     *
     * @param item whose flows wait; empty if the event has none
     */
    record Deciding(ProviderEvent event, DecisionComment comment, Optional<SourceReference> item)
        implements Evaluation {}

    /** It asks for the commands of the trigger. */
    record Helping(ProviderEvent event, SourceReference item) implements Evaluation {}
  }

  /** Command in a text. */
  private record FoundCommand(CommandRule rule, String arguments) {}

  /** Evaluates a payload, without any effect. */
  Evaluation evaluate(String type, Map<String, Object> payload) {
    var event = ProviderEvent.of(provider, type, payload);
    if (type.equals(PING)) return new Evaluation.Ignored(event, IgnoreReason.PING);
    if (isOwnActivity(event) || CommentMarker.isPresent(DecisionComment.textOf(provider, payload)))
      return new Evaluation.Ignored(event, IgnoreReason.OWN_ACTIVITY);
    var decision = findDecision(type, payload);
    if (decision.isPresent())
      return new Evaluation.Deciding(
          event, decision.get(), EventItem.find(provider, event, payload));
    var item = EventItem.find(provider, event, payload);
    if (item.isPresent() && asksForHelp(event)) return new Evaluation.Helping(event, item.get());
    if (condition != null && !condition.holds(event.toFields(), payload))
      return new Evaluation.Ignored(event, IgnoreReason.CONDITION);
    var command = findCommand(event);
    if (!definition.commands().isEmpty() && command.isEmpty())
      return new Evaluation.Ignored(event, IgnoreReason.NO_COMMAND);
    var values = new LinkedHashMap<String, Object>();
    values.put("event", event.toFields());
    values.put("payload", payload);
    command.ifPresent(
        found ->
            values.put(
                "command", Map.of("name", found.rule().name(), "arguments", found.arguments())));
    var key = keyTemplate.render(values).strip();
    boolean hasKey = definition.concurrencyKey() != null || !event.number().isEmpty();
    return new Evaluation.Started(
        event,
        command.map(found -> found.rule().taskId()).orElse(taskId),
        command.map(found -> found.rule().name()).orElse(""),
        renderPrompt(values, event, command),
        definition.prompt() != null,
        !hasKey || key.isEmpty() ? "" : key.substring(0, Math.min(key.length(), KEY_LENGTH_MAX)),
        item);
  }

  /** Only triggers that reply have a credential for it; a command of the same name is preferred. */
  private boolean asksForHelp(ProviderEvent event) {
    var flow = definition.flow();
    return flow != null
        && flow.reply() != null
        && definition.commands().stream().noneMatch(rule -> matches(rule, TriggerDefinition.HELP))
        && commandLines(event).anyMatch(words -> isHelp(words[0]));
  }

  private static boolean isHelp(String word) {
    return word.toLowerCase(Locale.ROOT).equals(TriggerDefinition.HELP);
  }

  /**
   * Returns the decision of a comment. The condition limits what starts work; who decides is up to
   * the identities that admins have mapped.
   */
  private Optional<DecisionComment> findDecision(String type, Map<String, Object> payload) {
    return definition.acceptsDecisions()
        ? DecisionComment.find(provider, type, payload, definition.prefix())
        : Optional.empty();
  }

  private boolean isOwnActivity(ProviderEvent event) {
    boolean isOwnAccount =
        definition.ownIdentities().stream()
            .anyMatch(
                own -> own.equalsIgnoreCase(event.sender()) || own.equalsIgnoreCase(event.app()));
    return isOwnAccount
        || event.authored() && event.text().contains(TriggerDefinition.REPLY_MARKER);
  }

  /** Returns the first command at the beginning of a line. */
  private Optional<FoundCommand> findCommand(ProviderEvent event) {
    return commandLines(event)
        .flatMap(
            words ->
                definition.commands().stream()
                    .filter(rule -> matches(rule, words[0].toLowerCase(Locale.ROOT)))
                    .map(rule -> new FoundCommand(rule, words.length > 1 ? words[1] : "")))
        .findFirst();
  }

  /** Returns the lines of a new text that begin with the prefix: a word, and its arguments. */
  private Stream<String[]> commandLines(ProviderEvent event) {
    if (!event.authored()) return Stream.empty();
    var prefix = definition.prefix().toLowerCase(Locale.ROOT);
    return event
        .text()
        .lines()
        .map(String::strip)
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(line -> line.substring(definition.prefix().length()))
        .filter(rest -> !rest.isEmpty() && Character.isWhitespace(rest.charAt(0)))
        .map(rest -> rest.strip().split("\\s+", 2));
  }

  private static boolean matches(CommandRule rule, String word) {
    return rule.name().equals(word) || rule.aliases().contains(word);
  }

  private String renderPrompt(
      Map<String, Object> values, ProviderEvent event, Optional<FoundCommand> command) {
    var untrusted = new UntrustedText();
    var template = definition.prompt();
    if (template != null)
      return untrusted.preface()
          + "\n\n"
          + TriggerTemplate.compile(template, value -> mark(value, untrusted)).render(values);
    var prompt = new StringBuilder(untrusted.preface());
    prompt.append("\n\nAn event of ").append(provider).append(" started this session.\n");
    command.ifPresent(
        found -> {
          prompt.append("command: ").append(found.rule().name()).append('\n');
          append(prompt, "arguments", found.arguments(), untrusted);
        });
    event.toFields().forEach((name, value) -> append(prompt, name, value, untrusted));
    if (!ProviderEvent.BUILT_IN.contains(provider))
      append(prompt, "payload", Objects.requireNonNull(values.get("payload")), untrusted);
    return prompt.toString();
  }

  /** Returns a value as a marked text: JSON of maps and lists. */
  private static String mark(Object value, UntrustedText untrusted) {
    return untrusted.mark(
        () -> PayloadReader.toText(value, 2 * UntrustedText.VALUE_LENGTH_MAX + 1));
  }

  private static void append(
      StringBuilder prompt, String name, Object value, UntrustedText untrusted) {
    if (!value.equals(""))
      prompt.append(name).append(": ").append(mark(value, untrusted)).append('\n');
  }
}
