package io.agentledger.gateway.support.validation;

import io.agentledger.api.session.SessionSpec;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Constraint for titles of sessions: at most 200 characters of {@link SafeText}. */
@Size(
    max = SessionSpec.TITLE_LENGTH_MAX,
    message = "must be at most " + SessionSpec.TITLE_LENGTH_MAX + " characters")
@SafeText
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {})
public @interface SessionTitle {
  /** Not used; the constraints of this annotation have messages. */
  String message() default "";

  /** Not used; required by Bean Validation. */
  Class<?>[] groups() default {};

  /** Not used; required by Bean Validation. */
  Class<? extends Payload>[] payload() default {};
}
