package io.agentledger.api.identity.security;

import io.agentledger.api.identity.Scope;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a command or a query that requires one of these scopes; without scopes, an authenticated
 * caller. The handler checks access to the objects of the message.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RequiresScope {
  Scope[] value();
}
