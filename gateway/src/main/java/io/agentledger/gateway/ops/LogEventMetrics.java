package io.agentledger.gateway.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Counter of logged events by level, {@code logback.events}. Micrometer's own is a turbo filter,
 * which Logback asks for each check of a level, also if nothing is logged.
 */
@Component
final class LogEventMetrics implements MeterBinder, AutoCloseable {
  private static final List<Level> LEVELS =
      List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);

  private final Logger root;
  private final CountingAppender appender = new CountingAppender();

  LogEventMetrics() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    appender.setContext(context);
    appender.setName("metrics");
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    appender.counters =
        LEVELS.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Level::toInt,
                    level ->
                        Counter.builder("logback.events")
                            .tag("level", level.toString().toLowerCase(Locale.ROOT))
                            .description("Logged events")
                            .baseUnit("events")
                            .register(registry)));
    appender.start();
    root.addAppender(appender);
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
  }

  private static final class CountingAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private volatile Map<Integer, Counter> counters = Map.of();

    @Override
    protected void append(ILoggingEvent event) {
      var counter = counters.get(event.getLevel().toInt());
      if (counter != null) counter.increment();
    }
  }
}
