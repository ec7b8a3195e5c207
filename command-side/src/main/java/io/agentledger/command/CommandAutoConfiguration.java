package io.agentledger.command;

import io.agentledger.command.identity.IdentityConfiguration;
import io.agentledger.command.session.SessionConfiguration;
import io.agentledger.command.support.SupportConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Import;

/** The deciding side: aggregates, sagas, jobs. */
@AutoConfiguration(
    afterName = "io.agentledger.store.StoreAutoConfiguration",
    beforeName = {
      "org.axonframework.springboot.autoconfig.AxonAutoConfiguration",
      "org.axonframework.springboot.autoconfig.AxonDbSchedulerAutoConfiguration",
      "com.github.kagkarlsson.scheduler.boot.autoconfigure.DbSchedulerAutoConfiguration"
    })
@Import({SupportConfiguration.class, IdentityConfiguration.class, SessionConfiguration.class})
public class CommandAutoConfiguration {}
