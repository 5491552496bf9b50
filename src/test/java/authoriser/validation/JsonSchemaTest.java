package authoriser.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each keyword with a valid and an invalid value. */
class JsonSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string'}                                | 'a'           | 1",
                "{'type':['object','null']}                       | null          | []",
                "{'const':true}                                   | true          | 'true'",
                "{'required':['a']}                               | {'a':null}    | {'b':1}",
                "{'properties':{'a':{'type':'number'}}}           | {'b':'x'}     | {'a':'x'}",
                "{'additionalProperties':{'type':'boolean'}}      | {'a':true}    | {'a':0}",
                "{'propertyNames':{'pattern':'^[a-z]+$'}}         | {'ab':1}      | {'aB':1}",
                "{'minProperties':1}                              | {'a':1}       | {}",
                "{'maxProperties':1}                              | {'a':1}       | {'a':1,'b':2}",
                "{'items':{'type':'string'}}                      | ['a']         | ['a',1]",
                "{'uniqueItems':true}                             | ['a','b']     | ['a','a']",
                "{'minLength':1}                                  | 'a'           | ''",
                "{'maxLength':2}                                  | 'ab'          | 'abc'",
                "{'pattern':'^[0-9]$'}                            | '1'           | '12'",
                "{'oneOf':[{'const':1},{'type':'number'}]}        | 2             | 1",
                "{'oneOf':[{'const':1},{'const':2}]}              | 2             | 3"
            })
    void acceptsOneValueAndRefusesTheOther(String schema, String good, String bad)
            throws JsonProcessingException {
        JsonNode rule = json(schema);

        assertEquals(List.of(), JsonSchema.problems(rule, rule, json(good)));
        assertEquals(1, JsonSchema.problems(rule, rule, json(bad)).size());
    }

    @Test
    void followsAReferenceWithinTheDocument() throws JsonProcessingException {
        JsonNode document = json("{'defs':{'a':{'type':'string'}},'use':{'$ref':'#/defs/a'}}");

        assertEquals(
                List.of(" breaks type \"string\""),
                JsonSchema.problems(document, document.get("use"), json("1")));
    }

    @Test
    void refusesAnUnknownMemberIfTheSchemaIsClosed() throws JsonProcessingException {
        JsonNode schema = json("{'properties':{'a':{}}}");

        assertEquals(List.of(), JsonSchema.problems(schema, schema, json("{'b':1}")));
        assertEquals(
                List.of("/b is not in the schema"),
                JsonSchema.problemsIfClosed(schema, schema, json("{'b':1}")));
    }

    @Test
    void refusesAnUnknownKeyword() throws JsonProcessingException {
        JsonNode schema = json("{'dependentRequired':{}}");

        assertThrows(
                IllegalArgumentException.class, () -> JsonSchema.problems(schema, schema, schema));
    }
}
