package io.agentledger.projection.support;

import org.springframework.data.jpa.repository.query.DeclaredQuery;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactories;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactory;
import org.springframework.data.jpa.repository.query.QueryEnhancerSelector;

/**
 * Selector of the enhancer that reads declared queries with regular expressions. The default one
 * parses each query when the service starts, so that it can be sorted or counted later: no
 * repository does that, and Hibernate parses and validates the query anyway.
 */
public final class DeclaredQueryEnhancerSelector implements QueryEnhancerSelector {
  @Override
  public QueryEnhancerFactory select(DeclaredQuery query) {
    return QueryEnhancerFactories.fallback();
  }
}
