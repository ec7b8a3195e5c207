package io.agentledger.api.identity.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a command that agents may send, too, if they have one of its scopes. Its handler may still
 * refuse what an agent does to a particular object. Commands that let others reach the service, or
 * that outlast the work of the agent, are not marked.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface PermitAgents {}
