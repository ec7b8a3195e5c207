package io.agentledger.gateway.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.sentry.Sentry;
import io.sentry.SentryOptions;
import io.sentry.logback.SentryAppender;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Reports errors of the service to Sentry if {@code SENTRY_DSN} is set; otherwise no Sentry class
 * is loaded. Reports contain log entries at ERROR, scrubbed by {@link SentryEventScrubber}.
 */
@Component
@ConditionalOnProperty("sentry.dsn")
final class SentryReporting implements InitializingBean, DisposableBean {
  private static final String NAME = "sentry";

  private final String dsn;
  private final ServiceProperties serviceProperties;

  SentryReporting(Environment environment, ServiceProperties serviceProperties) {
    this.dsn = environment.getRequiredProperty("sentry.dsn");
    this.serviceProperties = serviceProperties;
  }

  @Override
  public void afterPropertiesSet() {
    if (dsn.isBlank()) return;
    var options = new SentryOptions();
    options.setDsn(dsn);
    options.setRelease("agentledger@" + serviceProperties.version());
    options.setSendDefaultPii(false);
    options.setAttachServerName(false);
    options.setAttachThreads(false);
    options.setMaxBreadcrumbs(0);
    options.setEnableAutoSessionTracking(false);
    options.setSendClientReports(false);
    options.setBeforeSend(new SentryEventScrubber());
    Sentry.init(options);
    attachAppender(options);
  }

  private static void attachAppender(SentryOptions options) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var appender = new SentryAppender();
    appender.setName(NAME);
    appender.setContext(context);
    appender.setOptions(options);
    appender.setMinimumEventLevel(Level.ERROR);
    appender.setMinimumBreadcrumbLevel(Level.OFF);
    appender.start();
    rootLogger().addAppender(appender);
  }

  private static Logger rootLogger() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  /** Sends pending reports, for a short time at most. */
  @Override
  public void destroy() {
    var appender = rootLogger().getAppender(NAME);
    if (appender == null) return;
    rootLogger().detachAppender(appender);
    appender.stop();
    Sentry.close();
  }
}
