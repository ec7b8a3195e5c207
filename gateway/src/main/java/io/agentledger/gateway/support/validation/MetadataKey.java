package io.agentledger.gateway.support.validation;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Constraint for keys of a session's metadata: 1 to 64 characters of {@link SafeText}. */
@Size(min = 1, max = 64, message = "must have keys of 1 to 64 characters")
@SafeText
@Target(ElementType.TYPE_USE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {})
public @interface MetadataKey {
  /** Not used; the constraints of this annotation have messages. */
  String message() default "";

  /** Not used; required by Bean Validation. */
  Class<?>[] groups() default {};

  /** Not used; required by Bean Validation. */
  Class<? extends Payload>[] payload() default {};
}
