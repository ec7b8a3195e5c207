package io.agentledger.projection.identity;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "identity". */
@Configuration(proxyBeanMethods = false)
@Import({
  TenantProjection.class,
  UserProjection.class,
  ApiKeyProjection.class,
  LoginProjection.class,
  InvitationProjection.class
})
public class IdentityProjectionConfiguration {}
