// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { epsilonInput, leadInput } from "../../../src/components/model/modelInputs.js";
import { checkboxes, chosen, segmented, selectInput, textInput } from "../../../src/components/ui/inputs.js";

const texts = { a: "A", b: "B", c: "C" };

test("inputs know the values that a link may set", () => {
  const inputs = {
    segmented: segmented("One", texts),
    select: selectInput("One", Object.entries(texts)),
    any: checkboxes("Any", texts),
  };
  const values = ["a", "z", "z,c", "none"];
  expect(values.filter(inputs.segmented.allows!)).toEqual(["a"]);
  expect(values.filter(inputs.select.allows!)).toEqual(["a"]);
  expect(values.filter(inputs.any.allows!)).toEqual(["a", "z,c", "none"]);
  expect(textInput("Find").allows).toBeUndefined();
  expect(["0", "1", "72", "73", "1.5", "x"].filter(leadInput(24).allows!)).toEqual(["1", "72"]);
  expect(["0", "0.05", "1", "2", ""].filter(epsilonInput().allows!)).toEqual(["0.05", "1"]);
});

describe("checkboxes", () => {
  test("have the checked values in their own order, or none", () => {
    const input = checkboxes("Show", texts, ["b"]);
    expect(input.value).toBe("b");
    input.value = "c,a,unknown";
    expect(input.value).toBe("a,c");
    input.value = "none";
    expect(input.value).toBe("none");
    expect(chosen("c,a,unknown", ["a", "b", "c"])).toEqual(["a", "c"]);
    expect(chosen("none", ["a"])).toEqual([]);
  });
});
