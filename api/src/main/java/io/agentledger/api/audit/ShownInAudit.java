package io.agentledger.api.audit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a text, or a map with its keys, of a configuration that the audit shows before and after a
 * change: it is neither personal nor secret. The audit withholds everything else.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface ShownInAudit {
  /** Part of the text that is shown. */
  Extent value() default Extent.ALL;

  /** Part of a text. */
  enum Extent {
    ALL,
    /** Scheme, host and port of an address: its path and its query may contain a credential. */
    ORIGIN
  }
}
