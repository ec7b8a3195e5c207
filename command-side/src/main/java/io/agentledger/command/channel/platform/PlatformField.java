package io.agentledger.command.channel.platform;

import com.google.re2j.Pattern;

/**
 * Setting or credential that a channel of a platform has.
 *
 * @param rule text after "must be"; empty for credentials, whose values are not validated
 * @param pattern expression that the whole value matches; empty for credentials
 * @param example value, or where a credential is found
 */
public record PlatformField(
    String name,
    String description,
    boolean required,
    String rule,
    String pattern,
    String example) {
  private static final int LENGTH_MAX = 2_048;

  public static PlatformField requiredSetting(
      String name, String description, String rule, String pattern, String example) {
    return new PlatformField(name, description, true, rule, pattern, example);
  }

  public static PlatformField optionalSetting(
      String name, String description, String rule, String pattern, String example) {
    return new PlatformField(name, description, false, rule, pattern, example);
  }

  public static PlatformField requiredCredential(String name, String description, String example) {
    return new PlatformField(name, description, true, "", "", example);
  }

  public static PlatformField optionalCredential(String name, String description, String example) {
    return new PlatformField(name, description, false, "", "", example);
  }

  boolean accepts(String value) {
    return value.length() <= LENGTH_MAX && Pattern.matches(pattern, value);
  }
}
