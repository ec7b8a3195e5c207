package io.agentledger.projection.ops;

import io.agentledger.api.shared.OpsRejection.ProjectionRebuilding;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.support.ReadableDuringReplay;
import jakarta.persistence.Table;
import java.util.Map;
import java.util.Optional;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.queryhandling.QueryMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactoryBean;
import org.springframework.data.repository.core.RepositoryInformation;
import org.springframework.util.function.SingletonSupplier;

/**
 * Post-processor of repositories that rejects what query handlers read while the projection is
 * replayed in place: its rows are those of an earlier time, so what was deleted or unshared since
 * then would be visible again, and what exists would be missing. Event handlers are not concerned.
 */
final class ReplayGuard implements BeanPostProcessor {
  private final SingletonSupplier<ProjectionControl> projections;

  ReplayGuard(ObjectProvider<ProjectionControl> projections) {
    this.projections = SingletonSupplier.of(projections::getObject);
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof JpaRepositoryFactoryBean<?, ?, ?> repositories)
      repositories.addRepositoryFactoryCustomizer(
          factory -> factory.addRepositoryProxyPostProcessor(this::guard));
    return bean;
  }

  private void guard(ProxyFactory repository, RepositoryInformation information) {
    projectionOf(information.getDomainType())
        .ifPresent(projection -> repository.addAdvice(new Guard(projection)));
  }

  private static Optional<String> projectionOf(Class<?> row) {
    var table = AnnotationUtils.findAnnotation(row, Table.class);
    return ProjectionTables.BY_PROJECTION.entrySet().stream()
        .filter(tables -> table != null && tables.getValue().contains(table.name()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Interceptor of the repositories of one projection. */
  private final class Guard implements MethodInterceptor {
    private final String projection;

    Guard(String projection) {
      this.projection = projection;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
      if (!isQuery() || call.getMethod().isAnnotationPresent(ReadableDuringReplay.class))
        return call.proceed();
      requireComplete();
      Object rows = call.proceed();
      requireComplete(); // A replay may have begun meanwhile.
      return rows;
    }

    private static boolean isQuery() {
      return CurrentUnitOfWork.isStarted()
          && CurrentUnitOfWork.get().getMessage() instanceof QueryMessage;
    }

    private void requireComplete() {
      var control = projections.obtain();
      boolean replaying =
          control.isHere(projection)
              ? control.isReplaying(projection)
              : isReplayingElsewhere(control, CurrentUnitOfWork.get());
      if (replaying) throw new RejectionException(new ProjectionRebuilding(projection));
    }

    /** Asks the database once for each query. */
    private boolean isReplayingElsewhere(ProjectionControl control, UnitOfWork<?> query) {
      return query.getOrComputeResource(
          "replaying:" + projection, key -> control.isReplaying(projection));
    }
  }
}
