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
 * Constraint for texts of which a reader must see something: not only blanks and characters that
 * are invisible or change the writing direction. A text that is blank is valid, see {@link
 * jakarta.validation.constraints.NotBlank}.
 */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = VisibleText.VisibleTextValidator.class)
public @interface VisibleText {
  /** Returns the rule for the problem. */
  String message() default "must have a visible character";

  /** Not used; required by Bean Validation. */
  Class<?>[] groups() default {};

  /** Not used; required by Bean Validation. */
  Class<? extends Payload>[] payload() default {};

  /** Validator for {@link VisibleText}. */
  final class VisibleTextValidator implements ConstraintValidator<VisibleText, CharSequence> {
    @Override
    public boolean isValid(@Nullable CharSequence text, ConstraintValidatorContext context) {
      return text == null
          || text.toString().isBlank()
          || SafeTextChecker.hasVisibleCharacter(text.toString());
    }
  }
}
