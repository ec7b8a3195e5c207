package io.agentledger.gateway.support.validation;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * Constraint for names: one line without characters that are invisible, change the writing
 * direction, or stack up, and not only blanks. An empty text is valid. See {@link SafeTextChecker}.
 */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = SafeText.SafeTextValidator.class)
public @interface SafeText {
  /** Returns the rule for the problem. */
  String message() default "must be one line of visible characters";

  /** Not used; required by Bean Validation. */
  Class<?>[] groups() default {};

  /** Not used; required by Bean Validation. */
  Class<? extends Payload>[] payload() default {};

  /** Validator for {@link SafeText}. */
  final class SafeTextValidator implements ConstraintValidator<SafeText, CharSequence> {
    @Override
    public boolean isValid(@Nullable CharSequence name, ConstraintValidatorContext context) {
      return name == null || SafeTextChecker.isSafe(name.toString());
    }
  }
}
