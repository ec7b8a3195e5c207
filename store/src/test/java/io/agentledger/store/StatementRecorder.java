package io.agentledger.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Records the statements that a thread prepares with the application's data source, and its
 * commits, for tests of their number; and the tables that relaxed transactions of all threads
 * write. A bean of the test's context.
 */
public final class StatementRecorder implements BeanPostProcessor {
  /** Stands for the end of a transaction of several statements. */
  public static final String COMMIT = "commit";

  private static final ThreadLocal<@Nullable List<String>> STATEMENTS = new ThreadLocal<>();

  private static final Set<String> RELAXED_TABLES = ConcurrentHashMap.newKeySet();
  private static final Pattern WRITE =
      Pattern.compile(
          "\\s*(?:insert\\s+into|update|delete\\s+from)\\s+(\\w+).*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Runs an operation and returns the statements of the current thread, in their order. */
  public static List<String> record(Runnable operation) {
    var statements = new ArrayList<String>();
    STATEMENTS.set(statements);
    try {
      operation.run();
    } finally {
      STATEMENTS.remove();
    }
    return statements;
  }

  /** Returns the tables written by transactions whose commits do not wait for the disk. */
  public static Set<String> relaxedTables() {
    return Set.copyOf(RELAXED_TABLES);
  }

  private static void add(String statement) {
    var statements = STATEMENTS.get();
    if (statements != null) statements.add(statement);
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    return bean instanceof DataSource dataSource && name.equals("dataSource")
        ? new RecordingDataSource(dataSource)
        : bean;
  }

  private static final class RecordingDataSource extends DelegatingDataSource {
    RecordingDataSource(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      var connection = super.getConnection();
      var relaxed = new AtomicBoolean();
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> invoke(connection, relaxed, method, arguments));
    }

    private static void prepare(String statement, AtomicBoolean relaxed) {
      add(statement);
      if (statement.equals("set local synchronous_commit = off")) relaxed.set(true);
      var write = WRITE.matcher(statement);
      if (relaxed.get() && write.matches())
        RELAXED_TABLES.add(write.group(1).toLowerCase(Locale.ROOT));
    }

    private static @Nullable Object invoke(
        Connection connection, AtomicBoolean relaxed, Method method, Object @Nullable [] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "prepareStatement" ->
            prepare(String.valueOf(Objects.requireNonNull(arguments)[0]), relaxed);
        case "commit" -> {
          add(COMMIT);
          relaxed.set(false);
        }
        case "rollback" -> relaxed.set(arguments != null && relaxed.get()); // To a savepoint.
        default -> {}
      }
      try {
        return method.invoke(connection, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}
