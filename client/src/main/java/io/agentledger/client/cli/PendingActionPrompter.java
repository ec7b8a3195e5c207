package io.agentledger.client.cli;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.client.session.SessionInput;
import io.agentledger.client.session.SessionsClient;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ClientJson;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Answers what a run waits for: with a person at the terminal by asking, without one by denying and
 * saying so. Whoever answers first, here or elsewhere, wins.
 */
final class PendingActionPrompter {
  private static final String NOBODY = "nobody is at a terminal to ask";

  private final SessionsClient sessions;
  private final ConsoleOutput consoleOutput;
  private final Optional<ConsoleInput> consoleInput;
  private int denials;

  /**
   * @param consoleInput empty when nobody can be asked
   */
  PendingActionPrompter(
      SessionsClient sessions, ConsoleOutput consoleOutput, Optional<ConsoleInput> consoleInput) {
    this.sessions = sessions;
    this.consoleOutput = consoleOutput;
    this.consoleInput = consoleInput;
  }

  /** How many calls were denied because nobody could be asked. */
  int denials() {
    return denials;
  }

  /**
   * @param moot whether the action has been settled meanwhile
   */
  void prompt(StreamItem item, Predicate<ActionId> moot) {
    switch (item.body()) {
      case StreamItem.Permission asked when asked.phase().equals("requested") ->
          permission(item.sessionId(), asked, () -> moot.test(asked.actionId()));
      case StreamItem.Question asked when asked.phase().equals("asked") ->
          question(item.sessionId(), asked, () -> moot.test(asked.actionId()));
      case StreamItem.Elicitation asked when asked.phase().equals("asked") ->
          elicitation(item.sessionId(), asked, () -> moot.test(asked.actionId()));
      default -> {}
    }
  }

  private void permission(SessionId session, StreamItem.Permission asked, BooleanSupplier moot) {
    if (asked.reason() != null) consoleOutput.line(TextStyle.DIM, "  " + asked.reason());
    consoleInput.ifPresent(ConsoleInput::discardPending);
    while (somebody()) {
      var word = typed("  allow? [y]es [n]o [d]etails: ", moot);
      if (word.isEmpty() && somebody()) return;
      switch (word.orElse("").strip().toLowerCase(Locale.ROOT)) {
        case "y", "yes" -> {
          decide(session, asked, Decision.ALLOW, null);
          return;
        }
        case "n", "no" -> {
          decide(session, asked, Decision.DENY, null);
          return;
        }
        case "d", "details" -> consoleOutput.line(ConsoleFormat.pretty(asked.input()));
        default -> consoleOutput.line(TextStyle.DIM, "  please type y, n or d");
      }
    }
    denials++;
    consoleOutput.line(TextStyle.BAD, "  denied: " + NOBODY + " (--allow can say it beforehand)");
    decide(session, asked, Decision.DENY, "Denied: " + NOBODY + ".");
  }

  private boolean somebody() {
    return consoleInput.filter(keys -> !keys.ended()).isPresent();
  }

  private void decide(
      SessionId session,
      StreamItem.Permission asked,
      Decision decision,
      @org.jspecify.annotations.Nullable String reason) {
    submit(
        session,
        new SessionInput.Decide(asked.actionId(), decision, asked.inputDigest(), null, reason));
  }

  private void question(SessionId session, StreamItem.Question asked, BooleanSupplier moot) {
    var text = asked.questions() == null ? "[]" : asked.questions().text();
    var root = ClientJson.MAPPER.readTree(text);
    var questions = root.isArray() ? root : root.path("questions");
    var answers = ClientJson.MAPPER.createObjectNode();
    for (var question : questions) {
      var answer = answerTo(question, moot);
      if (answer.isEmpty()) return;
      answers.put(question.path("question").asString(""), answer.get());
    }
    submit(session, new SessionInput.Answer(asked.actionId(), new Json(answers.toString())));
  }

  /** Empty when the question is none any more. */
  private Optional<String> answerTo(JsonNode question, BooleanSupplier moot) {
    consoleOutput.line(TextStyle.STRONG, "  " + question.path("question").asString(""));
    var options = question.path("options").valueStream().toList();
    for (int i = 0; i < options.size(); i++)
      consoleOutput.line("    " + (i + 1) + ". " + described(options.get(i)));
    var hint = options.isEmpty() ? "  answer: " : "  number, or an answer of your own: ";
    consoleInput.ifPresent(ConsoleInput::discardPending);
    if (somebody()) {
      var line = typed(hint, moot);
      if (line.isPresent()) return line.map(text -> chosen(options, text.strip()));
      if (somebody()) return Optional.empty();
    }
    denials++;
    consoleOutput.line(TextStyle.BAD, "  not answered: " + NOBODY);
    return Optional.of("(no answer: " + NOBODY + ")");
  }

  private static String described(JsonNode option) {
    var label = option.isString() ? option.asString() : option.path("label").asString("");
    var description = option.path("description").asString("");
    return description.isEmpty() ? label : label + " - " + description;
  }

  private static String chosen(List<JsonNode> options, String line) {
    if (!line.matches("[0-9]{1,3}")) return line;
    int number = Integer.parseInt(line);
    if (number < 1 || number > options.size()) return line;
    var option = options.get(number - 1);
    return option.isString() ? option.asString() : option.path("label").asString("");
  }

  private void elicitation(SessionId session, StreamItem.Elicitation asked, BooleanSupplier moot) {
    consoleInput.ifPresent(ConsoleInput::discardPending);
    var elicitationPrompter = new ElicitationPrompter(hint -> typed(hint, moot), consoleOutput);
    var content =
        somebody()
            ? elicitationPrompter.fill(asked)
            : Optional.<ElicitationPrompter.FormResult>empty();
    if (content.isEmpty() && somebody()) return; // It was settled meanwhile.
    if (content.isEmpty()) {
      denials++;
      consoleOutput.line(TextStyle.BAD, "  declined: " + NOBODY);
    }
    var formResult = content.orElse(ElicitationPrompter.FormResult.DECLINED);
    submit(
        session,
        new SessionInput.AnswerElicitation(
            asked.actionId(), formResult.answer(), formResult.content()));
  }

  private Optional<String> typed(String hint, BooleanSupplier moot) {
    consoleOutput.awaitNothing();
    consoleOutput.text(TextStyle.WARN, hint);
    var line = consoleInput.flatMap(keys -> keys.readLine(moot));
    consoleOutput.typed(line.isPresent());
    if (line.isEmpty() && somebody()) consoleOutput.line(TextStyle.DIM, "  no longer asked here");
    return line;
  }

  private void submit(SessionId session, SessionInput sessionInput) {
    try {
      sessions.submit(session, List.of(sessionInput));
    } catch (ApiException late) {
      // Somebody else, or the end of the run, was first: no error of this person's.
      if (!late.code().equals("already_settled")) throw late;
      consoleOutput.line(TextStyle.DIM, "  " + late.getMessage());
    }
  }
}
