package io.agentledger.projection.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Query of a repository that may read rows of an earlier time, because its callers compare them
 * with the events of their stream. Other queries are rejected while the read model is replayed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ReadableDuringReplay {}
