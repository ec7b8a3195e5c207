package io.agentledger.client.cli;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.api.session.query.SessionView.PendingAction;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.client.session.SessionInput;
import io.agentledger.client.session.SessionsClient;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ClientJson;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Prompts the user for answers to pending actions of a run. Without a terminal it answers nothing,
 * and prints how to answer from elsewhere. The first answer wins, from here or from another client.
 */
final class PendingActionPrompter {
  private final SessionsClient sessions;
  private final ConsoleOutput output;
  private final Optional<ConsoleInput> input;
  private final String command;
  private final boolean mentionsOptions;

  /** Actions of earlier runs that the user was prompted for; the stream may repeat them. */
  private final Set<ActionId> earlier = new HashSet<>();

  /**
   * Creates a prompter.
   *
   * @param input empty without a terminal
   * @param command the command that starts this program, for hints
   * @param mentionsOptions whether hints mention the options of {@code run}
   */
  PendingActionPrompter(
      SessionsClient sessions,
      ConsoleOutput output,
      Optional<ConsoleInput> input,
      String command,
      boolean mentionsOptions) {
    this.sessions = sessions;
    this.output = output;
    this.input = input;
    this.command = command;
    this.mentionsOptions = mentionsOptions;
  }

  /**
   * Prompts for an answer and sends it. An action that cannot be prompted for stays open.
   *
   * @param isObsolete whether the action has been resolved meanwhile
   */
  void prompt(StreamItem item, Predicate<ActionId> isObsolete) {
    switch (item.body()) {
      case StreamItem.Permission request when request.phase().equals("requested") ->
          promptPermission(item.sessionId(), request, () -> isObsolete.test(request.actionId()));
      case StreamItem.Question request when request.phase().equals("asked") -> {
        promptQuestion(item.sessionId(), request, () -> isObsolete.test(request.actionId()));
        if (!canPrompt()) printLeftOpen(item);
      }
      case StreamItem.Elicitation request when request.phase().equals("asked") -> {
        promptElicitation(item.sessionId(), request, () -> isObsolete.test(request.actionId()));
        if (!canPrompt()) printLeftOpen(item);
      }
      default -> {}
    }
  }

  /** Prompts for an answer to a request of an earlier run. */
  void promptBefore(StreamItem item, Predicate<ActionId> isObsolete) {
    if (item.body() instanceof StreamItem.Permission request
        && request.phase().equals("requested")) {
      if (!earlier.add(request.actionId())) return;
      printBefore(String.valueOf(request.tool()), request.input());
    }
    prompt(item, isObsolete);
  }

  private void printBefore(String tool, @Nullable Json input) {
    output.printLine(
        TextStyle.WARNING,
        "! the run before it waits for an answer: "
            + TerminalSanitizer.sanitizeLine(tool, 60)
            + " "
            + ConsoleFormat.toolInput(input));
  }

  /**
   * Prompts for an answer to an action of an earlier run. Other actions than permission requests
   * stay open.
   *
   * @param isObsolete whether the action has been resolved meanwhile
   */
  void promptBefore(SessionId session, PendingAction action, Predicate<ActionId> isObsolete) {
    if (!earlier.add(action.actionId())) return;
    printBefore(action.tool(), action.input());
    if (action.type().equals("permission"))
      promptPermission(
          session,
          new StreamItem.Permission(
              "requested",
              action.actionId(),
              action.toolCallId(),
              action.tool(),
              action.input(),
              action.inputDigest(),
              action.reason(),
              action.expiresAt(),
              null,
              null),
          () -> isObsolete.test(action.actionId()));
    else
      output.printLine(
          TextStyle.WARNING,
          "  answer at a terminal:  " + command + " tail --ask --from-start " + session);
  }

  private void promptPermission(
      SessionId session, StreamItem.Permission request, BooleanSupplier isObsolete) {
    if (request.reason() != null) output.printLine(TextStyle.DIM, "  " + request.reason());
    while (canPrompt()) {
      var reply = readLine("  allow? [y]es [a]lways in this session [n]o [d]etails: ", isObsolete);
      if (reply.isEmpty() && canPrompt()) return;
      switch (reply.orElse("").strip().toLowerCase(Locale.ROOT)) {
        case "y", "yes" -> {
          decide(session, request, Decision.ALLOW, null, null);
          return;
        }
        case "a", "always" -> {
          decide(session, request, Decision.ALLOW, null, RememberScope.TOOL);
          output.printLine(
              TextStyle.DIM,
              "  "
                  + TerminalSanitizer.sanitizeLine(String.valueOf(request.tool()), 60)
                  + " is allowed from now on in this session, unless a policy or hook asks");
          return;
        }
        case "n", "no" -> {
          decide(session, request, Decision.DENY, null, null);
          return;
        }
        case "d", "details" -> output.printLine(ConsoleFormat.prettyJson(request.input()));
        default -> output.printLine(TextStyle.DIM, "  please type y, a, n or d");
      }
    }
    output.printLine(
        TextStyle.WARNING,
        "  nobody to ask here; decide:  " + command + " approve " + request.actionId());
    output.printLine(
        TextStyle.DIM,
        "  or "
            + command
            + " deny "
            + request.actionId()
            + (mentionsOptions
                ? "; run --permission-mode dontAsk denies at once, --allow permits in advance"
                : ""));
  }

  private void printLeftOpen(StreamItem item) {
    long sequence = Objects.requireNonNull(item.sequence(), "a request is an event");
    output.printLine(
        TextStyle.WARNING,
        "  nobody to ask here; answer at a terminal:  "
            + command
            + " tail --ask --after "
            + (sequence - 1)
            + " "
            + item.sessionId());
  }

  private boolean canPrompt() {
    return input.filter(consoleInput -> !consoleInput.isEnded()).isPresent();
  }

  private void decide(
      SessionId session,
      StreamItem.Permission request,
      Decision decision,
      @Nullable String reason,
      @Nullable RememberScope remember) {
    submit(
        session,
        new SessionInput.Decide(
            request.actionId(), decision, request.inputDigest(), null, reason, remember));
  }

  private void promptQuestion(
      SessionId session, StreamItem.Question request, BooleanSupplier isObsolete) {
    var text = request.questions() == null ? "[]" : request.questions().text();
    var answers = ClientJson.MAPPER.createObjectNode();
    for (var question : ClientJson.MAPPER.readTree(text)) {
      var answer = promptAnswer(question, isObsolete);
      if (answer.isEmpty()) return;
      answers.put(question.path("question").asString(""), answer.get());
    }
    submit(session, new SessionInput.Answer(request.actionId(), new Json(answers.toString())));
  }

  /**
   * Prompts for the answer to one question; empty if it was resolved, or cannot be prompted for.
   */
  private Optional<String> promptAnswer(JsonNode question, BooleanSupplier isObsolete) {
    output.printLine(TextStyle.BOLD, "  " + question.path("question").asString(""));
    var options = question.path("options").valueStream().toList();
    for (int i = 0; i < options.size(); i++)
      output.printLine("    " + (i + 1) + ". " + describeOption(options.get(i)));
    var hint = options.isEmpty() ? "  answer: " : "  number, or another answer: ";
    while (canPrompt()) {
      var line = readLine(hint, isObsolete).map(String::strip);
      if (line.isEmpty()) return Optional.empty();
      var answer = resolveChoice(options, line.get());
      if (!answer.isEmpty()) return Optional.of(answer);
      output.printLine(
          TextStyle.DIM,
          options.isEmpty() ? "  please type an answer" : "  please type 1 to " + options.size());
    }
    return Optional.empty();
  }

  private static String describeOption(JsonNode option) {
    var label = option.isString() ? option.asString() : option.path("label").asString("");
    var description = option.path("description").asString("");
    return description.isEmpty() ? label : label + " - " + description;
  }

  /** Returns the answer, or an empty text for the number of no option. */
  private static String resolveChoice(List<JsonNode> options, String line) {
    if (options.isEmpty() || !line.matches("[0-9]{1,3}")) return line;
    int number = Integer.parseInt(line);
    if (number < 1 || number > options.size()) return "";
    var option = options.get(number - 1);
    return option.isString() ? option.asString() : option.path("label").asString("");
  }

  private void promptElicitation(
      SessionId session, StreamItem.Elicitation request, BooleanSupplier isObsolete) {
    if (!canPrompt()) return;
    new ElicitationPrompter(hint -> readLine(hint, isObsolete), output)
        .promptForm(request)
        .ifPresent(
            formResult ->
                submit(
                    session,
                    new SessionInput.AnswerElicitation(
                        request.actionId(), formResult.action(), formResult.content())));
  }

  private Optional<String> readLine(String hint, BooleanSupplier isObsolete) {
    output.clearProgress();
    output.startLine();
    var question = output.styled(TextStyle.WARNING, hint);
    var line = input.flatMap(consoleInput -> consoleInput.readAnswer(question, isObsolete));
    if (line.isEmpty() && canPrompt()) output.printLine(TextStyle.DIM, "  no longer asked here");
    return line;
  }

  private void submit(SessionId session, SessionInput sessionInput) {
    try {
      sessions.submit(session, List.of(sessionInput));
    } catch (ApiException exception) {
      // Another client or the end of the run came first; this is not an error of the user.
      if (!exception.code().equals("already_resolved")) throw exception;
      output.printLine(TextStyle.DIM, "  " + exception.getMessage());
    }
  }
}
