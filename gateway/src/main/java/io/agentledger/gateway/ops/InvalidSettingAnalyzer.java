package io.agentledger.gateway.ops;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;

/**
 * Reports each setting of the service that has a wrong value, by the environment variable or
 * property that the operator has set, with its rule and the cure.
 */
@Order(0) // Before Spring's own, which describe classes.
final class InvalidSettingAnalyzer implements FailureAnalyzer {
  private static final String PREFIX = "agentledger";
  private static final int DEPTH_MAX = 32;
  private static final int VALUE_LENGTH_MAX = 100;

  /** A setting's own check begins its message with the name. */
  private static final Pattern OWN_CHECK =
      Pattern.compile("(agentledger(?:\\.[a-z0-9-]+)+)[: ]+(.+)", Pattern.DOTALL);

  private static final Pattern SECRET =
      Pattern.compile(".*(secret|password|key|token|variables).*");

  private final Environment environment;

  InvalidSettingAnalyzer(Environment environment) {
    this.environment = environment;
  }

  /** A setting with a value that breaks its rule. */
  private record Violation(ConfigurationPropertyName name, String rule) {}

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    List<Violation> violations = List.of();
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++, cause = cause.getCause())
      violations = findViolations(cause).orElse(violations); // The innermost is the most exact.
    if (violations.isEmpty()) return null;
    var settings = violations.stream().map(violation -> sourceOf(violation.name())).distinct();
    return new FailureAnalysis(
        violations.stream().map(this::describe).collect(Collectors.joining("\n")),
        "Set "
            + settings.collect(Collectors.joining(", "))
            + " to a valid value, or leave it unset for the default: docs/operations.md lists all"
            + " settings.",
        failure);
  }

  private static Optional<List<Violation>> findViolations(Throwable cause) {
    var violations =
        switch (cause) {
          case BindValidationException validation -> ofValidation(validation);
          case BindException binding -> ofConversion(binding);
          case IllegalArgumentException check -> ofOwnCheck(check);
          default -> List.<Violation>of();
        };
    return violations.isEmpty() ? Optional.empty() : Optional.of(violations);
  }

  private static List<Violation> ofValidation(BindValidationException exception) {
    var errors = exception.getValidationErrors();
    if (!isOwn(errors.getName())) return List.of();
    return StreamSupport.stream(errors.spliterator(), false)
        .filter(FieldError.class::isInstance)
        .map(FieldError.class::cast)
        .map(
            error ->
                new Violation(
                    errors.getName().append(toPropertyName(error.getField())),
                    Objects.requireNonNullElse(error.getDefaultMessage(), "is not valid")))
        .toList();
  }

  private static List<Violation> ofConversion(BindException exception) {
    if (!isOwn(exception.getName()) || !isConversion(exception)) return List.of();
    return List.of(new Violation(exception.getName(), ruleOf(exception.getTarget().getType())));
  }

  private static boolean isConversion(BindException exception) {
    return exception.getCause() instanceof ConversionFailedException
        || exception.getCause() instanceof ConverterNotFoundException;
  }

  private static List<Violation> ofOwnCheck(IllegalArgumentException exception) {
    var message = OWN_CHECK.matcher(String.valueOf(exception.getMessage()));
    if (!message.matches()) return List.of();
    return List.of(new Violation(ConfigurationPropertyName.of(message.group(1)), message.group(2)));
  }

  private static boolean isOwn(ConfigurationPropertyName name) {
    return ConfigurationPropertyName.of(PREFIX).isAncestorOf(name);
  }

  /** {@code maxConcurrent} is {@code max-concurrent}. */
  private static String toPropertyName(String field) {
    return field.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static String ruleOf(ResolvableType target) {
    var type = target.resolve();
    if (type == null) return "is not valid";
    if (Collection.class.isAssignableFrom(type))
      return "must be a list with commas, in which each value "
          + ruleOf(target.asCollection().getGeneric());
    if (type == boolean.class || type == Boolean.class) return "must be true or false";
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class)
      return "must be a whole number";
    if (type == Duration.class) return "must be a duration, such as 500ms, 30s, 5m or 2h";
    if (type == DataSize.class) return "must be a size, such as 512KB, 32MB or 2GB";
    if (type.isEnum())
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .collect(Collectors.joining(", ", "must be one of ", ""));
    return "must be a valid " + type.getSimpleName();
  }

  private String describe(Violation violation) {
    var source = sourceOf(violation.name());
    var value = find(violation.name()).map(property -> String.valueOf(property.getValue()));
    var state =
        SECRET.matcher(violation.name().toString()).matches() || value.isEmpty()
            ? ""
            : " is \"" + shorten(value.get()) + "\", but";
    return source + state + " " + violation.rule().strip().replaceFirst("\\.$", "") + ".";
  }

  private static String shorten(String value) {
    var line = value.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= VALUE_LENGTH_MAX ? line : line.substring(0, VALUE_LENGTH_MAX) + "...";
  }

  /** Returns the environment variable that sets the property, or the property. */
  private String sourceOf(ConfigurationPropertyName name) {
    return find(name)
        .flatMap(property -> Optional.ofNullable(property.getOrigin()))
        .flatMap(
            origin ->
                origin instanceof PropertySourceOrigin source
                    ? Optional.ofNullable(source.getOrigin())
                    : Optional.of(origin))
        .filter(SystemEnvironmentOrigin.class::isInstance)
        .map(origin -> ((SystemEnvironmentOrigin) origin).getProperty())
        .orElse(name.toString());
  }

  private Optional<ConfigurationProperty> find(ConfigurationPropertyName name) {
    return StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
        .flatMap(source -> Stream.ofNullable(source.getConfigurationProperty(name)))
        .findFirst();
  }
}
