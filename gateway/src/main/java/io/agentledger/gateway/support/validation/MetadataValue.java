package io.agentledger.gateway.support.validation;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Constraint for values of a session's metadata: at most 512 characters. */
@Size(max = 512, message = "must be at most 512 characters")
@Target(ElementType.TYPE_USE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {})
public @interface MetadataValue {
  /** Not used; the constraints of this annotation have messages. */
  String message() default "";

  /** Not used; required by Bean Validation. */
  Class<?>[] groups() default {};

  /** Not used; required by Bean Validation. */
  Class<? extends Payload>[] payload() default {};
}
