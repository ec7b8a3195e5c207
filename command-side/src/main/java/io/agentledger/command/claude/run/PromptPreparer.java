package io.agentledger.command.claude.run;

import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.control.HookHandler;
import io.agentledger.command.claude.policy.Hooks.HookResult;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.projectconfig.CommandCatalog;
import io.agentledger.command.claude.projectconfig.CommandCatalog.Resolution.OfCli;
import io.agentledger.command.claude.projectconfig.CommandCatalog.Resolution.OfWorkspace;
import io.agentledger.command.claude.projectconfig.CommandCatalog.Resolution.Refused;
import io.agentledger.command.claude.projectconfig.CommandFrontMatter;
import io.agentledger.command.claude.projectconfig.ProjectCommand;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.HookCallback;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.MentionEscaper;
import io.agentledger.command.claude.state.EventFactory;
import io.agentledger.store.support.UntrustedJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prepares the first message of a run: attachments, mentioned files, then the prompt or the text of
 * its command. The service expands commands of the workspace; the CLI gets an input line only for
 * the listed commands of its own. Confined to one thread.
 */
final class PromptPreparer {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final ProcessContext processContext;
  private final ToolCallEvaluator toolCallEvaluator;
  private final HookHandler hooks;
  private final RunCommandSender runCommandSender;
  private final MentionReader mentionReader;
  private final OwnPrompt ownPrompt;
  private final SessionStartHooks sessionStart;
  private boolean importsRecorded;

  PromptPreparer(
      ProcessContext processContext,
      ToolCallEvaluator toolCallEvaluator,
      HookHandler hooks,
      RunCommandSender runCommandSender,
      MentionReader mentionReader,
      OwnPrompt ownPrompt) {
    this.processContext = processContext;
    this.toolCallEvaluator = toolCallEvaluator;
    this.hooks = hooks;
    this.runCommandSender = runCommandSender;
    this.mentionReader = mentionReader;
    this.ownPrompt = ownPrompt;
    this.sessionStart = new SessionStartHooks(processContext, hooks, runCommandSender);
  }

  /**
   * Callbacks for a prepared prompt, which hooks may delay.
   *
   * @param isCurrent whether the run is still in progress; otherwise nothing is sent
   * @param send writes the message
   * @param refuse ends the run, with the reason
   */
  record Callback(Predicate<RunId> isCurrent, Consumer<ClaudeInput> send, Consumer<String> refuse) {
    Callback precededBy(Consumer<ClaudeInput> first) {
      return new Callback(isCurrent, first.andThen(send), refuse);
    }
  }

  void prepare(RunAttempt attempt, Callback callback) {
    prepareExpected(attempt, callback.precededBy(input -> ownPrompt.expect(input.end())));
  }

  private void prepareExpected(RunAttempt attempt, Callback callback) {
    recordLeftOutImports(attempt.run());
    sessionStart.callOnce(
        attempt,
        toolCallEvaluator,
        () -> {
          if (callback.isCurrent().test(attempt.run())) prepareContent(attempt, callback);
        });
  }

  private void prepareContent(RunAttempt attempt, Callback callback) {
    RunAttempt.Prompt prompt = attempt.prompt().orElseThrow();
    ArrayNode blocks = JSON.createArrayNode();
    if (!prompt.attachments().isEmpty()) {
      JSON.readTree(prompt.attachments()).forEach(blocks::add);
    }
    mentionReader.read(
        attempt,
        blocks,
        callback.isCurrent(),
        () -> {
          if (prompt.command().isPresent()) {
            invoke(attempt, prompt.command().get(), blocks, callback);
          } else {
            addContext(blocks, sessionStart.takeContext());
            callback.send().accept(ClaudeInput.prompt(prompt.uuid(), prompt.text(), blocks));
          }
        });
  }

  /** Records the configuration files that the process does not get, once, with its first run. */
  private void recordLeftOutImports(RunId run) {
    if (!importsRecorded) {
      importsRecorded = true;
      List<EventFactory> incidents = new ArrayList<>();
      processContext
          .leftOutImports()
          .forEach(
              (file, rule) ->
                  incidents.add(
                      EventFactory.incident(
                          "import_left_out", file + " is not given to the agent: " + rule)));
      runCommandSender.recordOwn(run, incidents);
    }
  }

  private void invoke(
      RunAttempt attempt, SlashCommand command, ArrayNode blocks, Callback callback) {
    switch (resolve(attempt, command)) {
      case OfCli ofCli -> {
        String line = MentionEscaper.escape(command.text().replaceAll("\\s+", " "));
        callback
            .send()
            .accept(ClaudeInput.command(attempt.prompt().orElseThrow().uuid(), line, blocks));
      }
      case OfWorkspace found -> {
        Optional<List<String>> filled = found.command().fill(command);
        if (filled.isEmpty()) {
          callback
              .refuse()
              .accept(
                  "the command %s: with its arguments it is longer than %d characters"
                      .formatted(command.name(), ProjectCommand.FILLED_LENGTH_MAX));
          return;
        }
        hooks.runPointHooks(
            toolCallEvaluator.subject(),
            expansionCallback(command),
            result -> {
              if (callback.isCurrent().test(attempt.run())) {
                expand(attempt, filled.get(), result, blocks, callback);
              }
            });
      }
      case Refused refused -> callback.refuse().accept(refused.reason());
    }
  }

  private CommandCatalog.Resolution resolve(RunAttempt attempt, SlashCommand command) {
    try {
      CommandCatalog.Resolution resolution =
          toolCallEvaluator.commands(attempt.options()).resolve(command.name());
      return resolution instanceof OfWorkspace found
          ? unmetRequest(found.command().frontMatter(), attempt.options())
              .map(unmet -> "the command " + command.name() + ": " + unmet)
              .<CommandCatalog.Resolution>map(Refused::new)
              .orElse(resolution)
          : resolution;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Returns the settings that the front matter requests and the run does not have, because files of
   * a workspace grant nothing.
   */
  private Optional<String> unmetRequest(CommandFrontMatter frontMatter, RunOptions options) {
    Optional<String> model =
        frontMatter
            .model()
            .filter(asked -> !asked.equals(options.model()))
            .map(
                asked ->
                    ("its front matter requests the model %s, but the run has %s;"
                            + " set \"model\": \"%s\" in the options of the input")
                        .formatted(asked, options.model(), asked));
    return model
        .or(
            () ->
                frontMatter.allowedTools().stream()
                    .filter(rule -> !options.allowedTools().contains(rule))
                    .flatMap(rule -> unmetRule("allowed", rule, Verdict.ALLOWED).stream())
                    .findFirst())
        .or(
            () ->
                frontMatter.disallowedTools().stream()
                    .filter(rule -> !options.disallowedTools().contains(rule))
                    .flatMap(rule -> unmetRule("disallowed", rule, Verdict.DENIED).stream())
                    .findFirst());
  }

  private Optional<String> unmetRule(String field, String rule, Verdict verdict) {
    String tool = rule.replaceFirst("\\(.*", "");
    PermissionRequest call =
        new PermissionRequest(
            "", tool, "", JSON.createObjectNode(), Optional.empty(), Optional.empty());
    PermissionDecision decision = toolCallEvaluator.decide(call, Optional.empty());
    return decision.hasVerdict(verdict) || tool.equals("AskUserQuestion") // A user decides.
        ? Optional.empty()
        : Optional.of(
            ("its front matter requests %s %s (%s-tools), but the run has another rule (%s);"
                    + " add it to %s_tools in the options of the input")
                .formatted(rule, field, field, decision.rule(), field));
  }

  /** Returns the names of the commands, and which of them a client can invoke at present. */
  CommandNames commandNames() {
    CommandCatalog commands = toolCallEvaluator.commands(processContext.state().setup().options());
    return new CommandNames(name -> findRefusal(commands, name), pluginSkills(commands));
  }

  private static Map<String, String> pluginSkills(CommandCatalog commands) {
    try {
      return commands.pluginSkills();
    } catch (IOException unreadable) {
      return Map.of(); // Then the CLI has no plugin, either.
    }
  }

  private static Optional<String> findRefusal(CommandCatalog commands, String name) {
    try {
      return commands.resolve(name) instanceof Refused refused
          ? Optional.of(refused.reason())
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.of("it cannot be read");
    }
  }

  /**
   * Creates the callback of a hook point that the CLI does not report, because the service expands
   * the command.
   */
  private HookCallback expansionCallback(SlashCommand command) {
    ObjectNode input = JSON.createObjectNode();
    String point = HookPoint.USER_PROMPT_EXPANSION.wireName();
    input.put("hook_event_name", point);
    input.put("cwd", processContext.paths().sandboxPaths().workspace().toString());
    input.put("permission_mode", toolCallEvaluator.mode());
    input.put("expansion_type", "slash_command");
    input.put("command_name", command.name());
    input.put("command_args", command.arguments());
    input.put("prompt", command.text());
    return new HookCallback("", point, Optional.empty(), input);
  }

  private void expand(
      RunAttempt attempt,
      List<String> texts,
      HookResult result,
      ArrayNode blocks,
      Callback callback) {
    runCommandSender.recordOwn(attempt.run(), result.executions());
    Optional<String> refusal =
        result
            .decision()
            .filter(decision -> decision.hasVerdict(Verdict.DENIED))
            .map(PermissionDecision::rule)
            .or(result::stopReason);
    if (refusal.isPresent()) {
      callback.refuse().accept(refusal.get());
      return;
    }
    addContext(blocks, sessionStart.takeContext());
    addContext(blocks, result.context());
    texts
        .subList(0, texts.size() - 1)
        .forEach(text -> blocks.addObject().put("type", "text").put("text", text));
    callback
        .send()
        .accept(ClaudeInput.prompt(attempt.prompt().orElseThrow().uuid(), texts.getLast(), blocks));
  }

  private static void addContext(ArrayNode blocks, String context) {
    if (!context.isEmpty()) {
      String text = "<system-reminder>" + context + "</system-reminder>";
      blocks.addObject().put("type", "text").put("text", text);
    }
  }
}
