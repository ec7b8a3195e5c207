/** Content of reports, independent of their file format. */
@NullMarked
package io.agentledger.command.report.document;

import org.jspecify.annotations.NullMarked;
