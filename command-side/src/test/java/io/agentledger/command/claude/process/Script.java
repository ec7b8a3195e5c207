package io.agentledger.command.claude.process;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a test's prompt asks the model to do, understood by {@link ModelStandIn} and by {@link
 * FakeCli}: {@code [[say TEXT]]}, {@code [[use TOOL JSON]]} or {@code [[slow]]}; {@link FakeCli}
 * has faults of its own.
 */
public record Script(String verb, String rest) {
  private static final Pattern FORM = Pattern.compile("\\[\\[(\\w+) ?(.*?)]]", Pattern.DOTALL);

  /** The last directive in the text. */
  static Script in(String text) {
    Matcher matcher = FORM.matcher(text);
    Script found = new Script("say", "nothing to do");
    while (matcher.find()) {
      found = new Script(matcher.group(1), matcher.group(2));
    }
    return found;
  }

  String tool() {
    return rest.split(" ", 2)[0];
  }

  String input() {
    return rest.split(" ", 2)[1];
  }

  public static String say(String text) {
    return "[[say " + text + "]]";
  }

  static String use(String tool, String input) {
    return "[[use " + tool + " " + input + "]]";
  }

  static String slow() {
    return "[[slow]]";
  }
}
