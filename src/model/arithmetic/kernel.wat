;; The inner loops of recursive least squares; kernel.ts describes each function. Addresses are byte offsets, and every
;; number takes 8 bytes. Vectors are added in four sums: two pairs of numbers at a time.
(module
  (import "kernel" "memory" (memory 1))

  (func $dot (export "dot") (param $a i32) (param $b i32) (param $n i32) (result f64)
    (local $end i32) (local $sums v128) (local $nextSums v128)
    (local.set $end (i32.add (local.get $a) (i32.shl (local.get $n) (i32.const 3))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $a) (local.get $end)))
        (local.set $sums
          (f64x2.add (local.get $sums) (f64x2.mul (v128.load align=8 (local.get $a)) (v128.load align=8 (local.get $b)))))
        (local.set $nextSums
          (f64x2.add
            (local.get $nextSums)
            (f64x2.mul (v128.load offset=16 align=8 (local.get $a)) (v128.load offset=16 align=8 (local.get $b)))))
        (local.set $a (i32.add (local.get $a) (i32.const 32)))
        (local.set $b (i32.add (local.get $b) (i32.const 32)))
        (br $next)))
    (f64.add
      (f64.add (f64x2.extract_lane 0 (local.get $sums)) (f64x2.extract_lane 1 (local.get $sums)))
      (f64.add (f64x2.extract_lane 0 (local.get $nextSums)) (f64x2.extract_lane 1 (local.get $nextSums)))))

  (func (export "addScaled") (param $g i32) (param $w i32) (param $n i32) (param $step f64)
    (local $end i32) (local $steps v128)
    (local.set $end (i32.add (local.get $g) (i32.shl (local.get $n) (i32.const 3))))
    (local.set $steps (f64x2.splat (local.get $step)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $g) (local.get $end)))
        (v128.store align=8
          (local.get $w)
          (f64x2.add (v128.load align=8 (local.get $w)) (f64x2.mul (v128.load align=8 (local.get $g)) (local.get $steps))))
        (v128.store offset=16 align=8
          (local.get $w)
          (f64x2.add
            (v128.load offset=16 align=8 (local.get $w))
            (f64x2.mul (v128.load offset=16 align=8 (local.get $g)) (local.get $steps))))
        (local.set $g (i32.add (local.get $g) (i32.const 32)))
        (local.set $w (i32.add (local.get $w) (i32.const 32)))
        (br $next))))

  (func (export "dots") (param $x i32) (param $w i32) (param $n i32) (param $out i32) (param $columns i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $columns) (i32.const 3))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (f64.store (local.get $out) (call $dot (local.get $x) (local.get $w) (local.get $n)))
        (local.set $w (i32.add (local.get $w) (i32.shl (local.get $n) (i32.const 3))))
        (local.set $out (i32.add (local.get $out) (i32.const 8)))
        (br $next))))

  ;; $a, $b and $ab are the byte offsets of x_a, x_b and P_ab from the start of x and of P.
  (func (export "update") (param $p i32) (param $x i32) (param $px i32) (param $gain i32) (param $d i32) (param $n i32)
    (result f64)
    (local $ab i32) (local $a i32) (local $b i32) (local $dEnd i32) (local $pairsEnd i32)
    (local $factor f64) (local $sum f64) (local $denominator f64) (local $quadratic f64)
    (local $sums v128) (local $factors v128) (local $pair v128)
    (local.set $dEnd (i32.shl (local.get $d) (i32.const 3)))

    ;; px ← Px. One pass over the triangle serves both halves of the product: row a adds to px_a and to px_b for b < a.
    (local.set $ab (local.get $p))
    (local.set $a (i32.const 0))
    (block $rowsDone
      (loop $nextRow
        (br_if $rowsDone (i32.ge_u (local.get $a) (local.get $dEnd)))
        (local.set $factor (f64.load (i32.add (local.get $x) (local.get $a))))
        (local.set $factors (f64x2.splat (local.get $factor)))
        (local.set $sums (f64x2.splat (f64.const 0)))
        (local.set $pairsEnd (i32.and (local.get $a) (i32.const -16)))
        (local.set $b (i32.const 0))
        (block $pairsDone
          (loop $nextPair
            (br_if $pairsDone (i32.ge_u (local.get $b) (local.get $pairsEnd)))
            (local.set $pair (v128.load align=8 (local.get $ab)))
            (local.set $sums
              (f64x2.add
                (local.get $sums)
                (f64x2.mul (local.get $pair) (v128.load align=8 (i32.add (local.get $x) (local.get $b))))))
            (v128.store align=8
              (i32.add (local.get $px) (local.get $b))
              (f64x2.add
                (v128.load align=8 (i32.add (local.get $px) (local.get $b)))
                (f64x2.mul (local.get $pair) (local.get $factors))))
            (local.set $ab (i32.add (local.get $ab) (i32.const 16)))
            (local.set $b (i32.add (local.get $b) (i32.const 16)))
            (br $nextPair)))
        (local.set $sum (f64x2.extract_lane 0 (local.get $sums)))
        (if (i32.lt_u (local.get $b) (local.get $a))
          (then
            (local.set $sum
              (f64.add
                (local.get $sum)
                (f64.mul (f64.load (local.get $ab)) (f64.load (i32.add (local.get $x) (local.get $b))))))
            (f64.store
              (i32.add (local.get $px) (local.get $b))
              (f64.add
                (f64.load (i32.add (local.get $px) (local.get $b)))
                (f64.mul (f64.load (local.get $ab)) (local.get $factor))))
            (local.set $ab (i32.add (local.get $ab) (i32.const 8)))))
        (f64.store
          (i32.add (local.get $px) (local.get $a))
          (f64.add
            (f64.add (local.get $sum) (f64x2.extract_lane 1 (local.get $sums)))
            (f64.mul (f64.load (local.get $ab)) (local.get $factor))))
        (local.set $ab (i32.add (local.get $ab) (i32.const 8)))
        (local.set $a (i32.add (local.get $a) (i32.const 8)))
        (br $nextRow)))

    (local.set $quadratic (call $dot (local.get $x) (local.get $px) (local.get $n)))
    (local.set $denominator (f64.add (f64.const 1) (local.get $quadratic)))

    ;; gain ← px / (1 + xᵀpx), P ← P - gain·pxᵀ
    (local.set $ab (local.get $p))
    (local.set $a (i32.const 0))
    (block $rowsDone
      (loop $nextRow
        (br_if $rowsDone (i32.ge_u (local.get $a) (local.get $dEnd)))
        (local.set $factor
          (f64.div (f64.load (i32.add (local.get $px) (local.get $a))) (local.get $denominator)))
        (f64.store (i32.add (local.get $gain) (local.get $a)) (local.get $factor))
        (local.set $factors (f64x2.splat (local.get $factor)))
        (local.set $pairsEnd (i32.and (i32.add (local.get $a) (i32.const 8)) (i32.const -16)))
        (local.set $b (i32.const 0))
        (block $pairsDone
          (loop $nextPair
            (br_if $pairsDone (i32.ge_u (local.get $b) (local.get $pairsEnd)))
            (v128.store align=8
              (local.get $ab)
              (f64x2.sub
                (v128.load align=8 (local.get $ab))
                (f64x2.mul (local.get $factors) (v128.load align=8 (i32.add (local.get $px) (local.get $b))))))
            (local.set $ab (i32.add (local.get $ab) (i32.const 16)))
            (local.set $b (i32.add (local.get $b) (i32.const 16)))
            (br $nextPair)))
        (if (i32.lt_u (local.get $b) (i32.add (local.get $a) (i32.const 8)))
          (then
            (f64.store
              (local.get $ab)
              (f64.sub
                (f64.load (local.get $ab))
                (f64.mul (local.get $factor) (f64.load (i32.add (local.get $px) (local.get $b))))))
            (local.set $ab (i32.add (local.get $ab) (i32.const 8)))))
        (local.set $a (i32.add (local.get $a) (i32.const 8)))
        (br $nextRow)))

    (local.set $a (i32.const 0))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $a) (local.get $dEnd)))
        (f64.store (i32.add (local.get $px) (local.get $a)) (f64.const 0))
        (local.set $a (i32.add (local.get $a) (i32.const 8)))
        (br $next)))
    (f64.div (local.get $quadratic) (local.get $denominator))))
