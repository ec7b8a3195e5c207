package io.agentledger.command.session;

import io.agentledger.command.support.ElicitationForm.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Questions of one call of AskUserQuestion, against which answers are validated. An answer is a
 * text: the label of an option, or any other, because Claude Code always offers "Other". Of a
 * question with {@code multiSelect} it may be an array of texts, which Claude Code joins.
 */
record QuestionForm(List<Question> questions) {
  /** Characters of an answer. */
  static final int ANSWER_LENGTH_MAX = 65_536;

  private static final int SHOWN_LENGTH_MAX = 200;

  /** Question with a text that is unique in its call. */
  record Question(String text, boolean multiSelect) {}

  /** Returns the questions of a call; elements without a text are omitted. */
  static QuestionForm parse(JsonNode questions) {
    var parsed = new ArrayList<Question>();
    for (var question : questions)
      if (question.path("question").isString())
        parsed.add(
            new Question(
                question.path("question").asString(),
                question.path("multiSelect").asBoolean(false)));
    return new QuestionForm(List.copyOf(parsed));
  }

  /** Returns the first violation in the answers; empty if they are valid. */
  Optional<Fault> violation(JsonNode answers) {
    if (!answers.isObject())
      return Optional.of(new Fault("", "must be an object of question and answer: " + shown()));
    for (var name : answers.propertyNames())
      if (questions.stream().noneMatch(question -> question.text().equals(name)))
        return Optional.of(
            new Fault(pointer(name), "is not a question of the action; answer " + shown()));
    return questions.stream()
        .flatMap(question -> violation(question, answers.get(question.text())).stream())
        .findFirst();
  }

  private Optional<Fault> violation(Question question, JsonNode answer) {
    var pointer = pointer(question.text());
    if (answer == null)
      return Optional.of(new Fault(pointer, "is required; answer each of " + shown()));
    boolean isList = question.multiSelect() && answer.isArray() && !answer.isEmpty();
    var texts = isList ? List.copyOf(answer.values()) : List.of(answer);
    int length = 0;
    for (var text : texts) {
      if (!text.isString() || text.asString().isBlank())
        return Optional.of(
            new Fault(
                pointer,
                question.multiSelect()
                    ? "must be a text that is not blank, or an array of them"
                    : "must be a text that is not blank: the label of an option, or your own"));
      length += text.asString().length();
    }
    return length > ANSWER_LENGTH_MAX
        ? Optional.of(new Fault(pointer, "must be at most " + ANSWER_LENGTH_MAX + " characters"))
        : Optional.empty();
  }

  private String shown() {
    return String.join(
        ", ", questions.stream().map(question -> '"' + shorten(question.text()) + '"').toList());
  }

  private static String pointer(String name) {
    return "/" + shorten(name).replace("~", "~0").replace("/", "~1");
  }

  private static String shorten(String text) {
    return text.length() <= SHOWN_LENGTH_MAX ? text : text.substring(0, SHOWN_LENGTH_MAX) + "…";
  }
}
