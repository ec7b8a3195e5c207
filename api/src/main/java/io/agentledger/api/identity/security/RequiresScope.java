package io.agentledger.api.identity.security;

import io.agentledger.api.identity.Scope;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A command or a query for those who have one of these scopes; with none named, for every
 * authenticated caller. What it is about, and whether that is the caller's, its handler decides.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RequiresScope {
  Scope[] value();
}
