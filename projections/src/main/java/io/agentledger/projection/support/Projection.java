package io.agentledger.projection.support;

import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.interceptors.MessageHandlerInterceptor;
import org.jspecify.annotations.Nullable;

/** What all projections have in common: how an event that cannot be taken in is kept apart. */
public abstract class Projection {
  private final CarefulHandling handling;

  protected Projection(CarefulHandling handling) {
    this.handling = handling;
  }

  @MessageHandlerInterceptor
  @Nullable Object carefully(EventMessage<?> event, InterceptorChain chain) throws Exception {
    return handling.handle(event, chain);
  }
}
