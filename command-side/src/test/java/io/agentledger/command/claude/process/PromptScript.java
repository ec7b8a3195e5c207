package io.agentledger.command.claude.process;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Directive in the prompt of a test for the model, understood by {@link FakeModel} and by {@link
 * FakeCli}: {@code [[say TEXT]]}, {@code [[use TOOL JSON]]} or {@code [[slow]]}; {@link FakeCli}
 * has further ones for its faults.
 */
public record PromptScript(String verb, String rest) {
  private static final Pattern FORM = Pattern.compile("\\[\\[(\\w+) ?(.*?)]]", Pattern.DOTALL);

  /** Parses the last directive in the text. */
  static PromptScript parse(String text) {
    Matcher matcher = FORM.matcher(text);
    PromptScript found = new PromptScript("say", "nothing to do");
    while (matcher.find()) {
      found = new PromptScript(matcher.group(1), matcher.group(2));
    }
    return found;
  }

  String tool() {
    return rest.split(" ", 2)[0];
  }

  String input() {
    return rest.split(" ", 2)[1];
  }

  public static String sayCommand(String text) {
    return "[[say " + text + "]]";
  }

  static String useCommand(String tool, String input) {
    return "[[use " + tool + " " + input + "]]";
  }

  static String slowCommand() {
    return "[[slow]]";
  }
}
