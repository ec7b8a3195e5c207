package io.agentledger.gateway.support.validation;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Constraint for names of configuration objects: 1 to 255 characters of {@link SafeText}. */
@NotBlank(message = "must not be blank")
@Size(max = 255, message = "must be 1 to 255 characters")
@SafeText
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {})
public @interface ConfigurationName {
  /** Not used; the constraints of this annotation have messages. */
  String message() default "";

  /** Not used; required by Bean Validation. */
  Class<?>[] groups() default {};

  /** Not used; required by Bean Validation. */
  Class<? extends Payload>[] payload() default {};
}
