package io.agentledger.projection.support;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactories;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactoryBean;

/**
 * Post-processor of repositories that lets regular expressions read their declared queries. By
 * default each query is parsed when the service starts, so that it can be sorted or counted later:
 * no repository does that, and Hibernate parses and validates the query anyway. A selector named in
 * {@code EnableJpaRepositories} is not compatible with generated repositories (Spring Data 4.1).
 */
public final class QueryEnhancerPostProcessor implements BeanPostProcessor {
  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof JpaRepositoryFactoryBean<?, ?, ?> repository)
      repository.setQueryEnhancerSelectorSource(query -> QueryEnhancerFactories.fallback());
    return bean;
  }
}
