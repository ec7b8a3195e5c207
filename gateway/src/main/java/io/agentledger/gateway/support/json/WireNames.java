package io.agentledger.gateway.support.json;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.shared.WireNamed;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names of constants and fields in JSON. */
public final class WireNames {
  private WireNames() {}

  /** Returns the explicit name of a constant, or its Java name in lower case. */
  public static String nameOf(Enum<?> constant) {
    return constant instanceof WireNamed wireNamed
        ? wireNamed.wireName()
        : constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the constant of that name.
   *
   * @throws InvalidRequestException with all names, if there is none
   */
  public static <E extends Enum<?>> E findConstant(E[] constants, String name) {
    return Arrays.stream(constants)
        .filter(constant -> nameOf(constant).equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(mustBeOneOf(constants)));
  }

  /** Returns the rule for a value that must be a constant of {@code type}. */
  public static String mustBeOneOf(Class<?> type) {
    return mustBeOneOf((Enum<?>[]) type.getEnumConstants());
  }

  /** Returns the rule for a discriminator that must be that of a record of the sealed type. */
  public static String mustBeOneOfTypes(Class<?> sealed) {
    var subtypes = sealed.getAnnotation(JsonSubTypes.class);
    return mustBeOneOf(
        subtypes == null
            ? Arrays.stream(sealed.getPermittedSubclasses()).map(StableNames::of)
            : Arrays.stream(subtypes.value()).map(JsonSubTypes.Type::name));
  }

  private static String mustBeOneOf(Enum<?>[] constants) {
    return mustBeOneOf(supportedNames(constants));
  }

  /** Returns the names of the constants that requests can contain. */
  public static Stream<String> supportedNames(Enum<?>[] constants) {
    return Arrays.stream(constants)
        .filter(constant -> !(constant instanceof WireNamed named) || named.isSupported())
        .map(WireNames::nameOf);
  }

  private static String mustBeOneOf(Stream<String> names) {
    return names.collect(Collectors.joining(", ", "must be one of ", ""));
  }

  /** Converts {@code aName} and {@code AName} to {@code a_name}. */
  public static String toSnakeCase(String name) {
    var result = new StringBuilder(name.length() + 4);
    for (int i = 0; i < name.length(); i++) {
      char character = name.charAt(i);
      if (Character.isUpperCase(character) && i > 0 && !Character.isUpperCase(name.charAt(i - 1)))
        result.append('_');
      result.append(Character.toLowerCase(character));
    }
    return result.toString();
  }
}
