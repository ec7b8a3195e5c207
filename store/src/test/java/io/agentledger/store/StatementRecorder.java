package io.agentledger.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Records the statements that a thread prepares with the application's data source, and its
 * commits, for tests of their number. A bean of the test's context.
 */
public final class StatementRecorder implements BeanPostProcessor {
  /** Stands for the end of a transaction of several statements. */
  public static final String COMMIT = "commit";

  private static final ThreadLocal<@Nullable List<String>> STATEMENTS = new ThreadLocal<>();

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
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> invoke(connection, method, arguments));
    }

    private static @Nullable Object invoke(
        Connection connection, Method method, Object @Nullable [] arguments) throws Throwable {
      if (method.getName().equals("prepareStatement") && arguments != null)
        add(String.valueOf(arguments[0]));
      if (method.getName().equals("commit")) add(COMMIT);
      try {
        return method.invoke(connection, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}
